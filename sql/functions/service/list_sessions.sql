CREATE OR REPLACE FUNCTION public.list_sessions(p_user_id bigint, p_token text DEFAULT NULL) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF NOT EXISTS (SELECT FROM public.users WHERE id = p_user_id) THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
    RETURN coalesce((
        SELECT json_agg(
            json_build_object(
                'id', t.id,
                'device', t.label,
                'created_at', t.created_at,
                'last_seen_at', coalesce(t.last_seen_at, t.created_at),
                'expires_at', t.expires_at,
                'current', t.token_hash IS NOT DISTINCT FROM sha256(convert_to(p_token, 'UTF8'))
            )
            ORDER BY t.id DESC
        )
        FROM public.access_tokens AS t
        WHERE t.user_id = p_user_id AND t.kind = 'session' AND t.expires_at > public.clock()
    ), '[]');
END
$$;

COMMENT ON FUNCTION public.list_sessions IS
    'A user''s sessions, newest first: on which device, since when, when last seen (to a quarter of an hour), and which of them p_token opens. Raises EB003 user_not_found.';
