CREATE OR REPLACE FUNCTION public.list_attendees(p_booking_ids bigint[])
RETURNS TABLE (booking_id bigint, code text, name text, email text, seats integer, status text, is_here boolean)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
    SELECT b.id, b.code, u.name, u.email, b.seats, b.status, b.checked_in_at IS NOT NULL
    FROM unnest(p_booking_ids) WITH ORDINALITY AS wanted (id, place)
    JOIN public.current_bookings AS b ON b.id = wanted.id
    JOIN public.users AS u ON u.id = b.user_id
    WHERE b.status <> 'canceled'
    ORDER BY wanted.place
$$;

COMMENT ON FUNCTION public.list_attendees IS
    'Who comes by these bookings, in the order given; without those that have ended meanwhile.';
