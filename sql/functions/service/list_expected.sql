CREATE OR REPLACE FUNCTION public.list_expected(p_event_id bigint, p_query text DEFAULT NULL, p_limit integer DEFAULT 50)
RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- Each word of what is typed must be in the name, in any order: a list at a door is read out either way round.
DECLARE
    v_words text[] := array_remove(regexp_split_to_array(lower(coalesce(p_query, '')), '\s+'), '');
BEGIN
    IF NOT EXISTS (SELECT FROM public.events WHERE id = p_event_id) THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
    RETURN coalesce((
        SELECT json_agg(listed ORDER BY lower(listed.user_name), listed.id)
        FROM (
            SELECT b.id, b.seats, b.checked_in_at, b.checked_in_by, u.name AS user_name
            FROM public.bookings AS b
            JOIN public.users AS u ON u.id = b.user_id
            WHERE b.event_id = p_event_id AND b.status = 'confirmed'
              AND NOT EXISTS (SELECT FROM unnest(v_words) AS word WHERE position(word IN lower(u.name)) = 0)
            ORDER BY lower(u.name), b.id
            LIMIT p_limit
        ) AS listed
    ), '[]');
END
$$;

COMMENT ON FUNCTION public.list_expected IS
    'Who has a confirmed booking of the event, by name, and who of them is in: what a door needs and no more. p_query: words that the name must have. Raises EB001 event_not_found.';
