CREATE OR REPLACE FUNCTION public.api_token_json(p_token public.access_tokens) RETURNS json
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT json_build_object(
        'id', p_token.id,
        'label', p_token.label,
        'scope', p_token.scope,
        'event_id', p_token.event_id,
        'event_name', (SELECT e.name FROM public.events AS e WHERE e.id = p_token.event_id),
        'user_id', p_token.user_id,
        'user_email', (SELECT u.email FROM public.users AS u WHERE u.id = p_token.user_id),
        'created_at', p_token.created_at,
        'last_used_at', p_token.last_seen_at,
        'expires_at', p_token.expires_at
    )
$$;

COMMENT ON FUNCTION public.api_token_json IS 'An API token as the API answers it; nothing in it opens anything.';
