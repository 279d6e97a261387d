CREATE OR REPLACE FUNCTION public.record_sign_in(p_user_id bigint, p_address text) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
    DELETE FROM public.sign_in_attempts AS a
    USING public.users AS u
    WHERE u.id = p_user_id AND a.email = public.fold_email(u.email) AND a.address = p_address;

    INSERT INTO public.sign_in_addresses AS s (user_id, address, at)
    VALUES (p_user_id, p_address, public.clock())
    ON CONFLICT ON CONSTRAINT sign_in_addresses_pkey DO UPDATE SET at = excluded.at;

    DELETE FROM public.sign_in_addresses AS s
    WHERE s.user_id = p_user_id AND s.address NOT IN (
        SELECT latest.address FROM public.sign_in_addresses AS latest
        WHERE latest.user_id = p_user_id
        ORDER BY latest.at DESC
        LIMIT 20
    )
$$;

COMMENT ON FUNCTION public.record_sign_in IS
    'The user gave the right password from this address: forgets the attempts from there and keeps the address, one of the latest 20.';
