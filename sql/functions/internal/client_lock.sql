CREATE OR REPLACE FUNCTION public.client_lock(p_client bytea) RETURNS bigint
LANGUAGE sql IMMUTABLE AS
$$
    SELECT hashtextextended('client ' || encode(p_client, 'hex'), 0)
$$;

COMMENT ON FUNCTION public.client_lock IS
    'The key of the advisory lock under which the holds of a client are counted and made.';
