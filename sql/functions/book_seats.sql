CREATE OR REPLACE FUNCTION public.book_seats(
    p_event_ids bigint[],
    p_emails text[],
    p_names text[],
    p_telegram_ids text[],
    p_wait boolean DEFAULT true
) RETURNS SETOF public.booking_outcome
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- Takes the locks of book_seat in the same order, and the events by id, so that two batches cannot wait for each other.
-- Each attempt looks at what stands in its way by itself; what they came to is written at once.
DECLARE
    v_user_ids bigint[];
    v_refusals public.refusal[];
    v_added bigint[];
    v_left integer[] := ARRAY[]::integer[];
    v_again integer[];
    v_event_id bigint;
    v_asked integer[];
    v_event public.events;
    v_users bigint[];
    v_attempt public.booking_attempt;
    v_place integer;
    v_outcome public.booking_outcome;
    v_takers integer[];
    v_moments timestamptz[];
    v_ends timestamptz[];
    v_booked bigint[] := ARRAY[]::bigint[];
    v_holds bigint[] := ARRAY[]::bigint[];
BEGIN
    SELECT * INTO v_user_ids, v_refusals, v_added FROM public.find_or_add_users(p_emails, p_names, p_telegram_ids);
    FOR n IN 1 .. cardinality(p_emails) LOOP
        IF v_user_ids[n] IS NULL THEN
            v_outcome := ROW (n, NULL, v_refusals[n])::public.booking_outcome;
            RETURN NEXT v_outcome;
        ELSE
            v_left := v_left || n;
        END IF;
    END LOOP;

    WHILE v_left <> '{}' LOOP  -- once more only for users who asked twice for one event
        v_again := '{}';
        v_takers := '{}';
        v_moments := '{}';
        v_ends := '{}';
        FOR v_event_id, v_asked IN
            SELECT p_event_ids[n], array_agg(n ORDER BY n) FROM unnest(v_left) AS n GROUP BY 1 ORDER BY 1
        LOOP
            IF p_wait THEN
                SELECT * INTO v_event FROM public.events WHERE id = v_event_id FOR UPDATE;
            ELSE
                SELECT * INTO v_event FROM public.events WHERE id = v_event_id FOR UPDATE SKIP LOCKED;
            END IF;
            v_users := '{}';
            FOREACH v_place IN ARRAY v_asked LOOP
                IF v_event.id IS NULL THEN
                    v_outcome := ROW (v_place, NULL, public.refuse_event(v_event_id))::public.booking_outcome;
                    RETURN NEXT v_outcome;
                ELSIF v_user_ids[v_place] = ANY (v_users) THEN
                    v_again := v_again || v_place;
                ELSE
                    v_attempt := public.attempt_booking(v_event, v_user_ids[v_place]);
                    v_event.available_seats := v_attempt.free;
                    IF (v_attempt.refusal).sqlstate IS NOT NULL THEN
                        v_outcome := ROW (v_place, NULL, v_attempt.refusal)::public.booking_outcome;
                        RETURN NEXT v_outcome;
                    ELSE
                        v_users := v_users || v_user_ids[v_place];
                        v_takers := v_takers || v_place;
                        v_moments := v_moments || v_attempt.moment;
                        v_ends := v_ends || v_attempt.moment + make_interval(mins => v_event.booking_ttl);
                    END IF;
                END IF;
            END LOOP;
        END LOOP;

        UPDATE public.events AS e SET available_seats = e.available_seats - booked.seats
        FROM (SELECT p_event_ids[n] AS event_id, count(*) AS seats FROM unnest(v_takers) AS n GROUP BY 1) AS booked
        WHERE e.id = booked.event_id;

        FOR v_outcome IN
            WITH taken AS (
                SELECT p_event_ids[t.place] AS event_id, v_user_ids[t.place] AS user_id, t.place, t.moment, t.ends
                FROM unnest(v_takers, v_moments, v_ends) AS t (place, moment, ends)
            ), made AS (
                INSERT INTO public.bookings (event_id, user_id, created_at, expires_at)
                SELECT t.event_id, t.user_id, t.moment, t.ends FROM taken AS t ORDER BY t.place
                RETURNING *
            )
            SELECT t.place, ROW (made.*)::public.bookings, NULL::public.refusal FROM made JOIN taken AS t USING (event_id, user_id)
        LOOP
            v_booked := v_booked || (v_outcome.booking).user_id;
            v_holds := v_holds || (v_outcome.booking).id;
            RETURN NEXT v_outcome;
        END LOOP;
        v_left := v_again;
    END LOOP;

    PERFORM public.tell_holds(v_holds);
    IF NOT v_added <@ v_booked THEN  -- as if they had come alone
        DELETE FROM public.users WHERE id = ANY (v_added) AND id <> ALL (v_booked);
    END IF;
END
$$;

COMMENT ON FUNCTION public.book_seats(bigint[], text[], text[], text[], boolean) IS
    'book_seat for many, in one transaction and in the order asked for each event: one row each, by its place from 1, with the booking or what book_seat would have raised. With p_wait false, neither of both where somebody else is busy with the event.';
