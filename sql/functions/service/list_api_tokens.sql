CREATE OR REPLACE FUNCTION public.list_api_tokens() RETURNS json
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT coalesce(json_agg(public.api_token_json(t) ORDER BY t.id DESC), '[]')
    FROM public.access_tokens AS t
    WHERE t.kind = 'api' AND (t.expires_at IS NULL OR t.expires_at > public.clock())
$$;

COMMENT ON FUNCTION public.list_api_tokens IS
    'All API tokens that have not ended, newest first: what for, whose, with which scope, made when, last used when (to a quarter of an hour), until when.';
