CREATE OR REPLACE FUNCTION public.confirm_bookings(p_booking_ids bigint[]) RETURNS SETOF public.booking_outcome
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- Never waits: a booking that somebody else is busy with gets no answer here, and its locks are in nobody's way.
DECLARE
    v_booking public.bookings;
    v_bookings public.bookings[];
    v_now timestamptz;
    v_refusal public.refusal;
    v_outcome public.booking_outcome;
    v_confirmed bigint[] := ARRAY[]::bigint[];
BEGIN
    FOR n IN 1 .. cardinality(p_booking_ids) LOOP
        SELECT * INTO v_booking FROM public.bookings WHERE id = p_booking_ids[n] FOR UPDATE SKIP LOCKED;
        v_bookings[n] := v_booking;
    END LOOP;

    v_now := public.clock();
    FOR n IN 1 .. cardinality(p_booking_ids) LOOP
        v_booking := v_bookings[n];
        IF v_booking.id IS NULL THEN
            v_refusal := public.refuse_booking(p_booking_ids[n]);
        ELSE
            v_refusal := public.refuse_confirmation(v_booking, v_now);
        END IF;
        IF v_booking.id IS NULL OR v_refusal.sqlstate IS NOT NULL THEN
            v_outcome := ROW (n, NULL, v_refusal)::public.booking_outcome;
        ELSE
            IF v_booking.status = 'pending' THEN
                v_booking.status := 'confirmed';
                v_booking.confirmed_at := v_now;
                v_confirmed := v_confirmed || v_booking.id;
            END IF;
            v_outcome := ROW (n, v_booking, NULL)::public.booking_outcome;
        END IF;
        RETURN NEXT v_outcome;
    END LOOP;

    UPDATE public.bookings SET status = 'confirmed', confirmed_at = v_now WHERE id = ANY (v_confirmed);
    PERFORM public.tell_users(v_confirmed, 'booking_confirmed');
END
$$;

COMMENT ON FUNCTION public.confirm_bookings(bigint[]) IS
    'confirm_booking for many, in one transaction: one row each, by its place from 1, with the booking or what confirm_booking would have raised; neither of both where somebody else is busy with the booking.';
