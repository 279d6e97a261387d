CREATE OR REPLACE FUNCTION public.raise_refusal(p_refusal public.refusal) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF p_refusal.sqlstate IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = p_refusal.sqlstate,
            MESSAGE = p_refusal.message,
            DETAIL = coalesce(p_refusal.detail, ''),
            HINT = coalesce(p_refusal.hint, '');
    END IF;
END
$$;

COMMENT ON FUNCTION public.raise_refusal IS
    'Raises the refusal as an error; does nothing if there is none.';
