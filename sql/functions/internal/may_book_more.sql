CREATE OR REPLACE FUNCTION public.may_book_more(p_user_id bigint, p_most integer, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
-- Bookings of events that are over do not count: nobody could give them back.
BEGIN
    PERFORM 1 FROM public.users WHERE id = p_user_id FOR NO KEY UPDATE SKIP LOCKED;
    RETURN FOUND AND p_most > (
        SELECT count(*)
        FROM public.bookings AS b
        JOIN public.events AS e ON e.id = b.event_id
        WHERE b.user_id = p_user_id
          AND (b.status = 'confirmed' OR (b.status = 'pending' AND b.expires_at > p_now))
          AND (e.date > p_now OR e.date <= e.created_at)
    );
END
$$;

COMMENT ON FUNCTION public.may_book_more IS
    'Whether the user has fewer than p_most live bookings of events to come. Locks the user''s row until the commit, so that it stays true; false where another session has locked it, because whoever asks may hold an event.';
