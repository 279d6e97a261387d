CREATE OR REPLACE FUNCTION public.book_seats(
    p_event_ids bigint[],
    p_emails text[],
    p_names text[],
    p_telegram_ids text[],
    p_wait boolean DEFAULT true,
    p_seats integer[] DEFAULT NULL,
    p_published_only boolean[] DEFAULT NULL,
    p_clients bytea[] DEFAULT NULL,
    p_holds_per_client integer DEFAULT NULL
) RETURNS SETOF public.booking_outcome
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS
$$
-- Users come before events, and events in order of their ids: otherwise two batches that add the same email or book the
-- same events could wait for each other. Each request is decided by itself (attempt_booking); what was decided is
-- written in one statement for all; of codes as the column's default makes them, each would cost as much as all of these
-- do. A client's lock is only tried, because it may come after a user's or an event's.
DECLARE
    v_seats integer[] := coalesce(p_seats, array_fill(1, ARRAY[cardinality(p_emails)]));
    v_most integer := (SELECT max_bookings_per_user FROM public.booking_settings WHERE id);
    v_user_ids bigint[];
    v_refusals public.refusal[];
    v_added bigint[];
    v_event_id bigint;
    v_event public.events;
    v_missing public.refusal;
    v_asked integer[];
    v_ordinal integer;
    v_users bigint[];
    v_offers bigint[];
    v_offered public.bookings;
    v_others integer;
    v_attempt public.booking_attempt;
    v_outcome public.booking_outcome;
    v_takers integer[] := ARRAY[]::integer[];
    v_moments timestamptz[] := ARRAY[]::timestamptz[];
    v_ends timestamptz[] := ARRAY[]::timestamptz[];
    v_booked bigint[] := ARRAY[]::bigint[];
    v_holds bigint[] := ARRAY[]::bigint[];
    v_held bytea[] := ARRAY[]::bytea[];
    v_clients bytea[] := ARRAY[]::bytea[];
    v_random bytea := uuid_send(gen_random_uuid());
BEGIN
    SELECT * INTO v_user_ids, v_refusals, v_added FROM public.find_or_add_users(p_emails, p_names, p_telegram_ids);
    IF v_most IS NOT NULL THEN
        PERFORM 1 FROM public.users WHERE id = ANY (v_user_ids) ORDER BY id FOR NO KEY UPDATE;
    END IF;

    FOR v_event_id, v_asked IN
        SELECT p_event_ids[n], array_agg(n ORDER BY n) FROM generate_series(1, cardinality(p_emails)) AS n GROUP BY 1 ORDER BY 1
    LOOP
        v_missing := NULL;
        IF p_wait THEN
            SELECT * INTO v_event FROM public.events WHERE id = v_event_id FOR UPDATE;
        ELSE
            SELECT * INTO v_event FROM public.events WHERE id = v_event_id FOR UPDATE SKIP LOCKED;
        END IF;
        IF v_event.id IS NULL THEN
            IF p_wait OR NOT EXISTS (SELECT FROM public.events WHERE id = v_event_id) THEN
                v_missing := public.event_not_found(v_event_id);
            END IF;
        END IF;

        v_users := '{}';
        v_offers := '{}';
        IF v_event.waiting > 0 THEN
            v_offers := public.advance_waitlist(v_event_id, public.clock());
            SELECT * INTO STRICT v_event FROM public.events WHERE id = v_event_id;
        END IF;
        FOREACH v_ordinal IN ARRAY v_asked LOOP
            v_outcome := ROW (v_ordinal, NULL, NULL)::public.booking_outcome;
            v_offered := NULL;
            IF v_offers <> '{}' THEN  -- a query inside a condition below would run for every request
                SELECT * INTO v_offered FROM public.bookings WHERE id = ANY (v_offers) AND user_id = v_user_ids[v_ordinal];
            END IF;
            v_others := 0;
            IF v_most IS NOT NULL THEN
                v_others := (SELECT count(*)::integer FROM unnest(v_takers) AS t WHERE v_user_ids[t] = v_user_ids[v_ordinal]);
            END IF;

            IF v_user_ids[v_ordinal] IS NULL THEN
                v_outcome.refusal := v_refusals[v_ordinal];
            ELSIF v_event.id IS NULL THEN
                v_outcome.refusal := v_missing;
            ELSIF p_published_only[v_ordinal] AND NOT v_event.published THEN
                v_outcome.refusal := public.event_not_found(v_event_id);
            ELSIF v_offered.id IS NOT NULL THEN  -- who asks was the next in line, and has just been offered the seats
                v_outcome.booking := v_offered;
                v_offers := array_remove(v_offers, v_offered.id);
            ELSIF v_user_ids[v_ordinal] = ANY (v_users)
                OR NOT pg_try_advisory_xact_lock(public.client_lock(p_clients[v_ordinal])) THEN
                NULL;  -- neither a booking nor a refusal
            ELSIF p_clients[v_ordinal] IS NOT NULL AND NOT public.may_hold_more(
                p_clients[v_ordinal],
                p_holds_per_client - cardinality(array_positions(v_held, p_clients[v_ordinal])),
                public.clock()
            ) THEN
                v_outcome.refusal := public.too_many_holds(p_holds_per_client);
            ELSE
                v_attempt := public.attempt_booking(
                    v_event, v_user_ids[v_ordinal], v_seats[v_ordinal], v_most, v_others);
                v_event.available_seats := v_attempt.free;
                IF (v_attempt.refusal).sqlstate IS NULL THEN
                    v_users := v_users || v_user_ids[v_ordinal];
                    v_takers := v_takers || v_ordinal;
                    v_held := array_append(v_held, p_clients[v_ordinal]);
                    v_moments := v_moments || v_attempt.moment;
                    v_ends := v_ends || v_attempt.moment + make_interval(mins => v_event.booking_ttl);
                    CONTINUE;
                END IF;
                v_outcome.refusal := v_attempt.refusal;
            END IF;
            RETURN NEXT v_outcome;
        END LOOP;
    END LOOP;

    UPDATE public.events AS e SET available_seats = e.available_seats - booked.seats
    FROM (SELECT p_event_ids[n] AS event_id, sum(v_seats[n]) AS seats FROM unnest(v_takers) AS n GROUP BY 1) AS booked
    WHERE e.id = booked.event_id;

    FOR v_outcome IN
        WITH taken AS (
            SELECT p_event_ids[t.ordinal] AS event_id, v_user_ids[t.ordinal] AS user_id, t.ordinal, t.moment, t.ends,
                   v_seats[t.ordinal] AS seats
            FROM unnest(v_takers, v_moments, v_ends) AS t (ordinal, moment, ends)
        ), made AS (
            INSERT INTO public.bookings (id, event_id, user_id, created_at, expires_at, seats, code)
            SELECT n.id, n.event_id, n.user_id, n.moment, n.ends, n.seats, n.id || '-' || upper(overlay(
                left(encode(sha256(v_random || int8send(n.id)), 'hex'), 14) PLACING '-' FROM 7 FOR 1) COLLATE "C")
            FROM (
                SELECT nextval('public.bookings_id_seq') AS id, t.* FROM (SELECT * FROM taken ORDER BY ordinal) AS t
            ) AS n
            RETURNING *
        )
        SELECT t.ordinal, ROW (made.*)::public.bookings, NULL::public.refusal FROM made JOIN taken AS t USING (event_id, user_id)
    LOOP
        v_booked := v_booked || (v_outcome.booking).user_id;
        v_holds := v_holds || (v_outcome.booking).id;
        v_clients := array_append(v_clients, p_clients[v_outcome.ordinal]);
        RETURN NEXT v_outcome;
    END LOOP;

    IF p_clients IS NOT NULL THEN
        PERFORM public.record_client_holds(v_clients, v_holds);
    END IF;
    PERFORM public.queue_hold_notifications(v_holds, 'hold_made');
    IF NOT v_added <@ v_booked THEN  -- a refused request leaves no new user behind, as if it had come alone
        DELETE FROM public.users WHERE id = ANY (v_added) AND id <> ALL (v_booked);
    END IF;
END
$$;

COMMENT ON FUNCTION public.book_seats IS
    'Holds seats for each of many requests (p_seats of them, NULL: one each; where p_published_only, no event that is not published is found; of p_clients, keyed hashes of addresses, each may have p_holds_per_client living holds, NULL is not limited), in one transaction and in the order asked for each event: one row each, by its ordinal from 1, with the booking or why not: EB001 event_not_found, EB102 invalid_user, EB104 too_many_seats, EB201 sold_out, EB202 already_booked, EB203 booking_closed, EB214 too_many_bookings, EB311 too_many_holds. While others wait for an event, its line is moved on instead, and who is next in it gets what is offered. Neither of both for whoever asks twice for one event, the second time; where another session books for the same client; and, with p_wait false, where another session has locked the event.';
