CREATE OR REPLACE FUNCTION public.record_client_holds(p_clients bytea[], p_booking_ids bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_now timestamptz := public.clock();
BEGIN
    DELETE FROM public.client_holds WHERE client_key = ANY (p_clients) AND expires_at <= v_now;

    INSERT INTO public.client_holds (booking_id, client_key, expires_at)
    SELECT b.id, made.client, b.expires_at
    FROM unnest(p_clients, p_booking_ids) AS made (client, booking_id)
    JOIN public.bookings AS b ON b.id = made.booking_id
    WHERE made.client IS NOT NULL;
END
$$;

COMMENT ON FUNCTION public.record_client_holds IS
    'Remembers from which client''s address each booking was made, NULL: from none that is limited; forgets those clients'' holds that have lapsed. For book_seats, which has client_lock of each.';
