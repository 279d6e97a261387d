CREATE OR REPLACE FUNCTION public.export_user(p_user_id bigint, p_own boolean DEFAULT false) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- Rows come whole but for what opens something, so that a new column is in the export by itself.
DECLARE
    v_user public.users;
    v_since timestamptz := CASE WHEN p_own THEN public.owned_since(p_user_id) ELSE '-infinity' END;
    v_all boolean := v_since = '-infinity';
    v_claimed boolean := p_own AND public.is_unproven_claim(p_user_id);
    v_email text;
BEGIN
    SELECT * INTO v_user FROM public.users WHERE id = p_user_id AND erased_at IS NULL;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
    v_email := public.fold_email(v_user.email);
    IF p_own THEN
        v_user := public.own_user(v_user);
    END IF;

    RETURN json_build_object(
        'exported_at', public.clock(),
        'user', to_jsonb(v_user) - 'erased_at' - 'erased_by',
        'account', (SELECT to_jsonb(a) - 'password_hash' FROM public.accounts AS a WHERE a.user_id = p_user_id),
        'bookings', (
            SELECT coalesce(json_agg(booked.it ORDER BY booked.id), '[]')
            FROM (
                SELECT b.id, to_jsonb(b) || jsonb_build_object(
                    'event_name', e.name,
                    'event_date', public.time_in_zone(e.date, e.timezone),
                    'archived', false,
                    'client_key', (SELECT encode(h.client_key, 'hex') FROM public.client_holds AS h WHERE h.booking_id = b.id),
                    'history', (
                        SELECT coalesce(jsonb_agg(to_jsonb(c) - 'booking_id' ORDER BY c.id), '[]')
                        FROM public.booking_changes AS c WHERE c.booking_id = b.id
                    )
                ) AS it
                FROM public.current_bookings AS b
                JOIN public.events AS e ON e.id = b.event_id
                WHERE b.user_id = p_user_id AND b.created_at >= v_since
                UNION ALL
                SELECT b.id, to_jsonb(b) || jsonb_build_object(
                    'event_name', e.name,
                    'event_date', public.time_in_zone(e.date, e.timezone),
                    'archived', true,
                    'client_key', NULL,
                    'history', (
                        SELECT coalesce(jsonb_agg(to_jsonb(c) - 'booking_id' ORDER BY c.id), '[]')
                        FROM archive.booking_changes AS c WHERE c.booking_id = b.id
                    )
                )
                FROM archive.bookings AS b
                JOIN archive.events AS e ON e.id = b.event_id
                WHERE b.user_id = p_user_id AND b.created_at >= v_since
            ) AS booked
        ),
        'waiting_list', (
            SELECT coalesce(json_agg(to_jsonb(w) || jsonb_build_object('event_name', e.name) ORDER BY w.id), '[]')
            FROM public.waitlist AS w
            JOIN public.events AS e ON e.id = w.event_id
            WHERE w.user_id = p_user_id AND w.created_at >= v_since
        ),
        'messages', (
            SELECT coalesce(json_agg(to_jsonb(o) - 'claim' - 'link_nonce' ORDER BY o.id), '[]')
            FROM public.outbox AS o WHERE o.user_id = p_user_id AND o.created_at >= v_since
        ),
        'sessions_and_tokens', (
            SELECT coalesce(json_agg(to_jsonb(t) - 'token_hash' ORDER BY t.id), '[]')
            FROM public.access_tokens AS t WHERE t.user_id = p_user_id
        ),
        'account_links', (
            SELECT coalesce(json_agg(to_jsonb(l) - 'token_hash' - 'nonce' ORDER BY l.created_at), '[]')
            FROM public.account_links AS l WHERE l.user_id = p_user_id
        ),
        'telegram_links', (
            SELECT coalesce(json_agg(to_jsonb(l) - 'token_hash' ORDER BY l.expires_at), '[]')
            FROM public.telegram_links AS l WHERE l.user_id = p_user_id AND NOT v_claimed
        ),
        'telegram_chat', (SELECT to_jsonb(c) FROM public.telegram_chats AS c WHERE c.chat_id = v_user.telegram_id),
        'sign_ins', (
            SELECT coalesce(json_agg(to_jsonb(s) - 'user_id' ORDER BY s.at), '[]')
            FROM public.sign_in_addresses AS s WHERE s.user_id = p_user_id
        ),
        'failed_sign_ins', (
            SELECT coalesce(json_agg(to_jsonb(s) ORDER BY s.at), '[]')
            FROM public.sign_in_attempts AS s WHERE s.email = v_email AND v_all
        ),
        'answers_kept_for_repeated_requests', (
            SELECT coalesce(json_agg(json_build_object('expires_at', k.expires_at, 'answer', k.answer) ORDER BY k.expires_at), '[]')
            FROM public.idempotency_keys AS k WHERE k.scope = format('user %s', p_user_id)
        )
    );
END
$$;

COMMENT ON FUNCTION public.export_user IS
    'Everything that is kept of a person, archive and history included, without hashes and keys of what opens something; with p_own, only what the account may see as its own while the email is not proven. Raises EB003 user_not_found.';
