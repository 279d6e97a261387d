-- The newest will do: what is older has been confirmed, canceled or lapsed long ago, and pages load it as they open.
CREATE OR REPLACE FUNCTION public.watch_users(p_ids bigint[], p_own boolean) RETURNS TABLE (id bigint, bookings json)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
    SELECT u.id, (
        SELECT coalesce(
            json_agg(json_build_object('id', b.id, 'status', b.status, 'seats', b.seats) ORDER BY b.id DESC), '[]'
        )
        FROM public.current_bookings AS b
        WHERE b.id = ANY (ARRAY(
            SELECT newest.id FROM public.bookings AS newest
            WHERE newest.user_id = u.id AND newest.created_at >= since.at
            ORDER BY newest.id DESC
            LIMIT 20
        ))
    )
    FROM public.users AS u
    CROSS JOIN LATERAL (
        SELECT CASE WHEN p_own THEN public.owned_since(u.id) ELSE '-infinity' END AS at
    ) AS since
    WHERE u.id = ANY (p_ids)
$$;

COMMENT ON FUNCTION public.watch_users IS
    'The 20 newest bookings of each of these users as they count now, newest first, as JSON with their id, status and seats; with p_own only those that are the user''s own while the email is not proven.';
