CREATE OR REPLACE FUNCTION public.release_seats(
    p_event_id bigint,
    p_booking_ids bigint[],
    p_reason text,
    p_now timestamptz
) RETURNS integer
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
-- Where the seats of a booking become free again. The caller holds the lock of the event and of these live bookings.
-- A hold that lapsed was canceled at its expires_at, whenever that is noticed. People are not told what they did themselves.
DECLARE
    v_released integer;
    v_event_canceled boolean;
    v_offers bigint[];
BEGIN
    WITH released AS (
        UPDATE public.bookings
        SET status = 'canceled',
            cancel_reason = p_reason,
            canceled_at = CASE WHEN p_reason = 'expired' THEN expires_at ELSE p_now END,
            checked_in_at = NULL,
            checked_in_by = NULL
        WHERE id = ANY (p_booking_ids)
        RETURNING seats
    )
    SELECT coalesce(sum(seats), 0)::integer INTO v_released FROM released;

    UPDATE public.events SET available_seats = available_seats + v_released
    WHERE id = p_event_id
    RETURNING canceled_at IS NOT NULL INTO v_event_canceled;

    WITH ended AS (
        UPDATE public.waitlist SET status = CASE WHEN p_reason = 'expired' OR v_event_canceled THEN 'expired' ELSE 'left' END
        WHERE booking_id = ANY (p_booking_ids) AND status = 'offered'
        RETURNING booking_id
    )
    SELECT coalesce(array_agg(booking_id), '{}') INTO v_offers FROM ended;

    IF p_reason = 'expired' THEN
        PERFORM public.queue_notifications(v_offers, 'offer_lapsed');
        PERFORM public.queue_notifications(ARRAY(SELECT unnest(p_booking_ids) EXCEPT SELECT unnest(v_offers)), 'hold_lapsed');
    ELSIF p_reason <> 'user' THEN
        PERFORM public.queue_notifications(
            p_booking_ids, CASE WHEN v_event_canceled THEN 'event_canceled' ELSE 'booking_canceled' END);
    END IF;
    RETURN v_released;
END
$$;

COMMENT ON FUNCTION public.release_seats IS
    'Cancels live bookings of one event, gives their seats back, ends the waiting list entries that they were offered to and queues the messages; returns how many seats. For functions that hold the locks.';
