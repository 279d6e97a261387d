CREATE OR REPLACE FUNCTION public.claim_notifications(
    p_limit integer,
    p_lease interval,
    p_rate double precision DEFAULT 25,
    p_channel text DEFAULT 'telegram'
) RETURNS TABLE (
    id bigint,
    claim uuid,
    attempts integer,
    kind text,
    user_id bigint,
    address text,
    language text,
    link_nonce text,
    booking_id bigint,
    cancel_reason text,
    expires_at timestamptz,
    seats integer,
    event_name text,
    event_date timestamptz,
    event_timezone text,
    event_place text,
    ticket_code text,
    is_canceled boolean,
    booked_at timestamptz,
    sequence integer,
    wait interval
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Only a user's oldest waiting message can be claimed: so a user's messages keep their order, whatever becomes of one
-- of them and however many notifiers are at work. A notifier that dies settles nothing, and its lease runs out.
-- For Telegram, the bot's row is held from the first look to the commit, so that all notifiers together keep one pace: each
-- message gets a turn, at most a second ahead. Mails have no pace: a mail server has a queue of its own.
-- A message about a hold or a change is deleted if it is not true any more, a mail with a link if that opens nothing, and
-- what was being written for somebody while they had their data deleted.
DECLARE
    v_bot public.telegram_bot;
    v_now timestamptz;
    v_claim uuid := gen_random_uuid();
    v_turn timestamptz;
    v_message public.outbox;
    v_left integer := p_limit;
BEGIN
    IF p_channel = 'telegram' THEN
        SELECT * INTO STRICT v_bot FROM public.telegram_bot FOR UPDATE;
    END IF;
    v_now := public.clock();
    v_turn := greatest(v_now, v_bot.next_send_at);

    WHILE v_left > 0 AND v_turn < v_now + interval '1 s' AND coalesce(v_bot.quiet_until <= v_now, true) LOOP
        SELECT o.* INTO v_message
        FROM public.outbox AS o
        JOIN public.users AS u ON u.id = o.user_id
        LEFT JOIN public.telegram_chats AS c ON c.chat_id = u.telegram_id AND o.channel = 'telegram'
        WHERE o.state = 'waiting' AND o.channel = p_channel AND o.due_at <= v_now
          AND coalesce(c.next_send_at <= v_now, true)
          AND NOT EXISTS (
              SELECT FROM public.outbox AS earlier
              WHERE earlier.user_id = o.user_id AND earlier.channel = o.channel AND earlier.state = 'waiting'
                AND (earlier.not_before, earlier.id) < (o.not_before, o.id)
          )
        ORDER BY o.due_at, o.id
        LIMIT 1
        FOR UPDATE OF o SKIP LOCKED;
        EXIT WHEN NOT FOUND;

        IF v_message.kind IN ('hold_made', 'hold_ending', 'seat_offered', 'event_changed') AND NOT EXISTS (
            SELECT FROM public.current_bookings AS b
            WHERE b.id = v_message.booking_id
              AND (b.status = 'pending' OR (b.status = 'confirmed' AND v_message.kind = 'event_changed'))
        ) OR v_message.link_nonce IS NOT NULL AND NOT EXISTS (
            SELECT FROM public.account_links AS link
            WHERE link.user_id = v_message.user_id AND link.nonce = v_message.link_nonce AND link.expires_at > v_now
        ) OR EXISTS (
            SELECT FROM public.users AS u WHERE u.id = v_message.user_id AND u.erased_at IS NOT NULL
        ) THEN
            DELETE FROM public.outbox AS o WHERE o.id = v_message.id;
            CONTINUE;
        END IF;

        UPDATE public.outbox AS o
        SET due_at = v_turn + p_lease, attempts = o.attempts + 1, claim = v_claim
        WHERE o.id = v_message.id;

        INSERT INTO public.telegram_chats AS c (chat_id, next_send_at)
        SELECT u.telegram_id, v_turn + interval '1 s'
        FROM public.users AS u
        WHERE u.id = v_message.user_id AND u.telegram_id IS NOT NULL AND p_channel = 'telegram'
        ON CONFLICT ON CONSTRAINT telegram_chats_pkey DO UPDATE SET next_send_at = excluded.next_send_at;

        RETURN QUERY
        SELECT o.id, o.claim, o.attempts, o.kind, u.id, CASE p_channel WHEN 'mail' THEN u.email ELSE u.telegram_id END, u.language,
               o.link_nonce, b.id, b.cancel_reason, b.expires_at, b.seats, e.name, e.date, e.timezone, e.place,
               t.code, t.is_canceled, t.booked_at, t.sequence, v_turn - v_now
        FROM public.outbox AS o
        JOIN public.users AS u ON u.id = o.user_id
        LEFT JOIN public.bookings AS b ON b.id = o.booking_id
        LEFT JOIN public.events AS e ON e.id = coalesce(b.event_id, o.event_id)
        LEFT JOIN public.tickets AS t ON t.booking_id = b.id
        WHERE o.id = v_message.id;

        v_turn := v_turn + coalesce(make_interval(secs => 1 / p_rate), interval '0');
        v_left := v_left - 1;
    END LOOP;

    IF v_left < p_limit AND p_channel = 'telegram' THEN
        UPDATE public.telegram_bot SET next_send_at = v_turn;
    END IF;
END
$$;

COMMENT ON FUNCTION public.claim_notifications IS
    'Leases up to p_limit due messages of one channel, at most one a user and a chat, to the caller for p_lease; each is to be sent after its wait, which keeps all notifiers of Telegram together at p_rate messages a second (NULL: no pace). Settle each with acknowledge_notification, retry_notification or fail_notification.';
