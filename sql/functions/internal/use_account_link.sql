CREATE OR REPLACE FUNCTION public.use_account_link(p_purpose text, p_token text, p_user_id bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
-- Of two who use it at once, the second waits for the first and finds the link gone.
DECLARE
    v_user_id bigint;
BEGIN
    DELETE FROM public.account_links AS l
    WHERE l.token_hash = sha256(convert_to(p_token, 'UTF8'))
      AND l.purpose = p_purpose
      AND l.user_id = coalesce(p_user_id, l.user_id)
      AND l.expires_at > public.clock()
    RETURNING l.user_id INTO v_user_id;
    IF v_user_id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'EB307',
            MESSAGE = 'This link is unknown, was used, or has expired.',
            HINT = 'Ask for a new one.';
    END IF;
    RETURN v_user_id;
END
$$;

COMMENT ON FUNCTION public.use_account_link IS
    'Uses a link up and returns its user, who must be p_user_id if that is given. Raises EB307 account_link_invalid.';
