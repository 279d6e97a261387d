CREATE OR REPLACE FUNCTION public.is_unproven_claim(p_user_id bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT EXISTS (
        SELECT FROM public.accounts
        WHERE user_id = p_user_id AND claimed_name IS NOT NULL AND email_proven_at IS NULL
    )
$$;

COMMENT ON FUNCTION public.is_unproven_claim IS
    'Whether guests used the email of this account before it was made, and nobody has proved whose it is: then a chat that it links would be told of the guests'' bookings.';
