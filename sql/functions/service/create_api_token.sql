CREATE OR REPLACE FUNCTION public.create_api_token(
    p_user_id bigint,
    p_token text,
    p_scope text DEFAULT 'admin',
    p_event_id bigint DEFAULT NULL,
    p_expires_at timestamptz DEFAULT NULL,
    p_label text DEFAULT NULL
) RETURNS public.access_tokens
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_user_id bigint := p_user_id;
    v_admins bigint[];
    v_token public.access_tokens;
BEGIN
    IF v_user_id IS NULL AND p_scope IS DISTINCT FROM 'door' THEN
        v_admins := ARRAY(SELECT u.id FROM public.users AS u WHERE u.role = 'admin' LIMIT 2);
        IF cardinality(v_admins) <> 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'EB003',
                MESSAGE = format('There is %s admin.', CASE cardinality(v_admins) WHEN 0 THEN 'no' ELSE 'more than one' END),
                HINT = 'Say which user the token acts for.';
        END IF;
        v_user_id := v_admins[1];
    END IF;
    IF v_user_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.users WHERE id = v_user_id AND erased_at IS NULL) THEN
        PERFORM public.raise_refusal(public.user_not_found(v_user_id));
    END IF;
    IF p_event_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.events WHERE id = p_event_id) THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;

    INSERT INTO public.access_tokens (token_hash, user_id, kind, label, created_at, expires_at, scope, event_id)
    VALUES (
        sha256(convert_to(p_token, 'UTF8')), v_user_id, 'api', p_label, public.clock(), p_expires_at, p_scope, p_event_id
    )
    RETURNING * INTO v_token;
    RETURN v_token;
END
$$;

COMMENT ON FUNCTION public.create_api_token IS
    'Lets a program act under this token until p_expires_at (NULL: for ever), as far as its scope goes: for the user, for the only admin where none is named, or, in the scope ''door'', at the door of the event, for nobody or as long as the user has access. Only the SHA-256 of the token is kept. Raises EB001 event_not_found, EB003 user_not_found.';
