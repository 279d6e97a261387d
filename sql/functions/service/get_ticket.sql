CREATE OR REPLACE FUNCTION public.get_ticket(p_booking_id bigint, p_even_canceled boolean DEFAULT false) RETURNS TABLE (
    booking_id bigint,
    code text,
    is_canceled boolean,
    seats integer,
    booked_at timestamptz,
    sequence integer,
    event_name text,
    event_date timestamptz,
    event_timezone text,
    event_place text,
    user_name text,
    language text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- The name is the one that whoever may see the booking knows: what an account has claimed for itself is for its own alone.
DECLARE
    v_booking public.bookings;
BEGIN
    RETURN QUERY
    SELECT t.booking_id, t.code, t.is_canceled, t.seats, t.booked_at, t.sequence,
           t.event_name, t.event_date, t.event_timezone, t.event_place,
           CASE WHEN t.booked_at >= public.owned_since(u.id) THEN (public.own_user(u)).name ELSE u.name END, u.language
    FROM public.tickets AS t
    JOIN public.users AS u ON u.id = t.user_id
    WHERE t.booking_id = p_booking_id AND (p_even_canceled OR NOT t.is_canceled);
    IF NOT FOUND THEN
        SELECT * INTO v_booking FROM public.bookings AS b WHERE b.id = p_booking_id;
        IF NOT FOUND THEN
            PERFORM public.raise_refusal(public.booking_not_found(p_booking_id));
        END IF;
        PERFORM public.raise_refusal(public.not_confirmed(v_booking, public.clock()));
    END IF;
END
$$;

COMMENT ON FUNCTION public.get_ticket IS
    'What the ticket of a confirmed booking shows; with p_even_canceled, also of one that was confirmed once. Raises EB002 booking_not_found, EB215 not_confirmed.';
