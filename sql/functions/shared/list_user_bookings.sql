CREATE OR REPLACE FUNCTION public.list_user_bookings(
    p_user_id bigint,
    p_limit integer DEFAULT 50,
    p_after bigint DEFAULT NULL,
    p_own boolean DEFAULT false
) RETURNS TABLE (bookings json, next_after bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
DECLARE
    v_since timestamptz := CASE WHEN p_own THEN public.owned_since(p_user_id) ELSE '-infinity' END;
    v_ids bigint[];
BEGIN
    IF NOT EXISTS (SELECT FROM public.users WHERE id = p_user_id) THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;

    v_ids := ARRAY(
        SELECT b.id FROM public.bookings AS b
        WHERE b.user_id = p_user_id AND (p_after IS NULL OR b.id < p_after) AND b.created_at >= v_since
        ORDER BY b.id DESC
        LIMIT p_limit + 1
    );
    IF cardinality(v_ids) > p_limit THEN
        v_ids := v_ids[:p_limit];
        next_after := v_ids[p_limit];
    END IF;
    bookings := (
        SELECT coalesce(json_agg(listed ORDER BY listed.id DESC), '[]')
        FROM (
            SELECT
                b.*,
                e.name AS event_name,
                public.time_in_zone(e.date, e.timezone) AS event_date,
                e.timezone AS event_timezone,
                e.place AS event_place
            FROM public.current_bookings AS b
            JOIN public.events AS e ON e.id = b.event_id
            WHERE b.id = ANY (v_ids)
        ) AS listed
    );
    RETURN NEXT;
END
$$;

COMMENT ON FUNCTION public.list_user_bookings IS
    'A page of a user''s bookings, newest first, as they count now, each with event_name, event_date (with the offset of the event''s timezone), event_timezone and event_place; p_after is the id of the last booking of the page before, next_after NULL on the last page; with p_own only those that are the user''s own while the email is not proven. Raises EB003 user_not_found.';
