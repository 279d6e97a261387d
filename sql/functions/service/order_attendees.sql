CREATE OR REPLACE FUNCTION public.order_attendees(p_event_id bigint) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
BEGIN
    IF NOT EXISTS (SELECT FROM public.events WHERE id = p_event_id) THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
    RETURN ARRAY(
        SELECT b.id
        FROM public.current_bookings AS b
        JOIN public.users AS u ON u.id = b.user_id
        WHERE b.event_id = p_event_id AND b.status <> 'canceled'
        ORDER BY public.name_order(u.name) COLLATE "C", u.name COLLATE "C", b.id
    );
END
$$;

COMMENT ON FUNCTION public.order_attendees IS
    'The live bookings of an event in the order of the names of their people. Raises EB001 event_not_found.';
