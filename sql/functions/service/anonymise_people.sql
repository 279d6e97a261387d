CREATE OR REPLACE FUNCTION public.anonymise_people(
    p_canceled_after interval,
    p_attendees_after interval,
    p_after bigint DEFAULT 0,
    p_limit integer DEFAULT 500,
    OUT anonymised integer,
    OUT next_after bigint
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- User by user, so that no index of bookings is needed which booking would pay for. Whoever has an account or something
-- that is not due keeps their row, and what is due goes to a row that stands for nobody. Nothing waits: whoever is locked is
-- left for the next time. No index knows the user of messages that do not wait any more, so they are deleted once a call.
DECLARE
    v_by CONSTANT text := 'retention';
    v_canceled_before timestamptz := public.clock() - p_canceled_after;
    v_attendees_before timestamptz := public.clock() - p_attendees_after;
    v_user public.users;
    v_bookings bigint[];
    v_archived bigint[];
    v_entries bigint[];
    v_nobody bigint;
    v_forgotten bigint[] := ARRAY[]::bigint[];
    v_moved bigint[] := ARRAY[]::bigint[];
BEGIN
    anonymised := 0;
    FOR v_user IN
        SELECT * FROM public.users WHERE id > p_after AND erased_at IS NULL ORDER BY id LIMIT p_limit
    LOOP
        next_after := v_user.id;
        v_bookings := ARRAY(
            SELECT b.id FROM public.bookings AS b
            JOIN public.events AS e ON e.id = b.event_id
            WHERE b.user_id = v_user.id AND (
                (b.status = 'canceled' AND b.canceled_at < v_canceled_before)
                OR (b.status <> 'pending' AND greatest(e.date, b.created_at) < v_attendees_before)
            )
            FOR UPDATE OF b SKIP LOCKED
        );
        v_archived := ARRAY(
            SELECT b.id FROM archive.bookings AS b
            JOIN archive.events AS e ON e.id = b.event_id
            WHERE b.user_id = v_user.id AND (
                (b.status = 'canceled' AND b.canceled_at < v_canceled_before)
                OR greatest(e.date, b.created_at) < v_attendees_before
            )
        );
        v_entries := ARRAY(
            SELECT w.id FROM public.waitlist AS w
            JOIN public.events AS e ON e.id = w.event_id
            WHERE w.user_id = v_user.id AND w.status NOT IN ('waiting', 'offered') AND (
                w.booking_id = ANY (v_bookings)
                OR (w.status <> 'booked' AND w.created_at < v_canceled_before)
                OR greatest(e.date, w.created_at) < v_attendees_before
            )
            FOR UPDATE OF w SKIP LOCKED
        );
        CONTINUE WHEN v_bookings = '{}' AND v_archived = '{}' AND v_entries = '{}';
        PERFORM 1 FROM public.users WHERE id = v_user.id AND erased_at IS NULL FOR NO KEY UPDATE SKIP LOCKED;
        CONTINUE WHEN NOT FOUND;

        IF v_user.role = 'user'
           AND NOT EXISTS (SELECT FROM public.accounts AS a WHERE a.user_id = v_user.id)
           AND NOT EXISTS (SELECT FROM public.access_tokens AS t WHERE t.user_id = v_user.id)
           AND NOT EXISTS (SELECT FROM public.bookings AS b WHERE b.user_id = v_user.id AND b.id <> ALL (v_bookings))
           AND NOT EXISTS (SELECT FROM archive.bookings AS b WHERE b.user_id = v_user.id AND b.id <> ALL (v_archived))
           AND NOT EXISTS (SELECT FROM public.waitlist AS w WHERE w.user_id = v_user.id AND w.id <> ALL (v_entries))
        THEN
            PERFORM public.forget_person(v_user.id, v_by);
            v_forgotten := v_forgotten || v_user.id;
        ELSE
            v_nobody := public.add_nobody(v_by);
            UPDATE public.bookings SET user_id = v_nobody WHERE id = ANY (v_bookings);
            UPDATE archive.bookings SET user_id = v_nobody WHERE id = ANY (v_archived);
            UPDATE public.waitlist SET user_id = v_nobody WHERE id = ANY (v_entries);
            DELETE FROM public.client_holds WHERE booking_id = ANY (v_bookings);
            v_moved := v_moved || v_bookings;
        END IF;
        anonymised := anonymised + cardinality(v_bookings) + cardinality(v_archived) + cardinality(v_entries);
    END LOOP;

    IF anonymised > 0 THEN
        DELETE FROM public.outbox WHERE user_id = ANY (v_forgotten) OR booking_id = ANY (v_moved);
    END IF;
END
$$;

COMMENT ON FUNCTION public.anonymise_people IS
    'Of up to p_limit users with an id past p_after: takes the person out of bookings that were canceled longer than p_canceled_after ago, and of bookings and waiting list entries of events that started longer than p_attendees_after ago (NULL: never), archive included; who has nothing else and no account is erased. Returns how many bookings and entries, and the next p_after, NULL after the last user.';
