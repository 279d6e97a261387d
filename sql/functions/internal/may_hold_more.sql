CREATE OR REPLACE FUNCTION public.may_hold_more(p_client bytea, p_most integer, p_now timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$
    SELECT p_most > count(*)
    FROM public.client_holds AS h
    JOIN public.bookings AS b ON b.id = h.booking_id
    WHERE h.client_key = p_client AND h.expires_at > p_now AND b.status = 'pending' AND b.expires_at > p_now
$$;

COMMENT ON FUNCTION public.may_hold_more IS
    'Whether fewer than p_most living holds were made from the client''s address. For book_seats, which has client_lock of it, so that it stays true until the commit.';
