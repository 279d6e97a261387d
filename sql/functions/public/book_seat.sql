CREATE OR REPLACE FUNCTION public.book_seat(
    p_event_id bigint,
    p_email text,
    p_name text DEFAULT NULL,
    p_telegram_id text DEFAULT NULL,
    p_seats integer DEFAULT 1,
    p_published_only boolean DEFAULT false,
    p_client bytea DEFAULT NULL,
    p_holds_per_client integer DEFAULT NULL
) RETURNS public.bookings
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- Here the client's lock is waited for, before any other is taken: book_seats only tries it.
DECLARE
    v_outcome public.booking_outcome;
BEGIN
    IF p_client IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(public.client_lock(p_client));
    END IF;
    SELECT * INTO STRICT v_outcome
    FROM public.book_seats(
        ARRAY[p_event_id], ARRAY[p_email], ARRAY[p_name], ARRAY[p_telegram_id],
        p_seats => ARRAY[p_seats], p_published_only => ARRAY[p_published_only],
        p_clients => CASE WHEN p_client IS NOT NULL THEN ARRAY[p_client] END, p_holds_per_client => p_holds_per_client
    );
    PERFORM public.raise_refusal(v_outcome.refusal);
    RETURN v_outcome.booking;
END
$$;

COMMENT ON FUNCTION public.book_seat IS
    'Holds p_seats seats for the user with this email, added if new, for the event''s booking_ttl: book_seats for one. With p_published_only, an event that is not published is not found. With p_client, a keyed hash of an address, that client may have p_holds_per_client living holds. Raises EB001 event_not_found, EB102 invalid_user, EB104 too_many_seats, EB201 sold_out, EB202 already_booked, EB203 booking_closed, EB214 too_many_bookings, EB311 too_many_holds.';
