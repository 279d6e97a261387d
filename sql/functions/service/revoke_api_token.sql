CREATE OR REPLACE FUNCTION public.revoke_api_token(p_token_id bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    DELETE FROM public.access_tokens WHERE id = p_token_id AND kind = 'api';
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'EB007', MESSAGE = format('There is no API token %s.', p_token_id);
    END IF;
END
$$;

COMMENT ON FUNCTION public.revoke_api_token IS 'Ends an API token. Raises EB007 token_not_found.';
