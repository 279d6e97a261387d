CREATE OR REPLACE FUNCTION public.set_max_bookings_per_user(p_most integer) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    UPDATE public.booking_settings SET max_bookings_per_user = p_most
    WHERE max_bookings_per_user IS DISTINCT FROM p_most
$$;

COMMENT ON FUNCTION public.set_max_bookings_per_user IS
    'How many live bookings a person may have at once from now on, whoever makes them; NULL: any number.';
