CREATE OR REPLACE FUNCTION public.list_event_bookings(
    p_event_id bigint,
    p_limit integer DEFAULT 50,
    p_after bigint DEFAULT NULL,
    p_status text DEFAULT NULL,
    p_query text DEFAULT NULL
) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- First the ids of the page, from the newest on, until there are enough; a code is looked up by the id in it.
DECLARE
    v_now timestamptz := public.clock();
    v_query text := lower(nullif(btrim(p_query), ''));
    v_coded bigint := (public.find_booking_by_code(p_query)).id;
    v_ids bigint[];
BEGIN
    IF NOT EXISTS (SELECT FROM public.events WHERE id = p_event_id) THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
    v_ids := ARRAY(
        SELECT b.id
        FROM public.bookings AS b
        WHERE b.event_id = p_event_id AND (p_after IS NULL OR b.id < p_after)
          AND (p_status IS NULL OR p_status = CASE
              WHEN b.status = 'pending' AND b.expires_at <= v_now THEN 'canceled'
              ELSE b.status
          END)
          AND (v_query IS NULL OR b.id = v_coded OR EXISTS (
              SELECT FROM public.users AS u
              WHERE u.id = b.user_id AND (strpos(lower(u.name), v_query) > 0 OR strpos(lower(u.email), v_query) > 0)
          ))
        ORDER BY b.id DESC
        LIMIT p_limit
    );
    RETURN coalesce((
        SELECT json_agg(listed ORDER BY listed.id DESC)
        FROM (
            SELECT b.*, u.email AS user_email, u.name AS user_name
            FROM public.current_bookings AS b
            JOIN public.users AS u ON u.id = b.user_id
            WHERE b.id = ANY (v_ids)
        ) AS listed
    ), '[]');
END
$$;

COMMENT ON FUNCTION public.list_event_bookings IS
    'An event''s bookings, newest first, as they count now, each with user_email and user_name; p_after is the id of the last one of the page before. With p_status (pending, confirmed or canceled) only those; with p_query those whose person has it in name or email, or that have it as their code. Raises EB001 event_not_found.';
