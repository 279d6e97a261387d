CREATE OR REPLACE FUNCTION public.list_events(
    p_from timestamptz DEFAULT NULL,
    p_before timestamptz DEFAULT NULL,
    p_query text DEFAULT NULL,
    p_limit integer DEFAULT 50,
    p_after bigint DEFAULT NULL
) RETURNS TABLE (events json, next_after bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- First the ids of the page, then each event by itself: in one join, PostgreSQL may count the seats of all events.
DECLARE
    v_ids bigint[] := ARRAY(
        SELECT e.id
        FROM public.events AS e
        WHERE e.canceled_at IS NULL
          AND (p_from IS NULL OR e.date >= p_from)
          AND (p_before IS NULL OR e.date < p_before)
          AND (p_query IS NULL OR strpos(lower(e.name), lower(p_query)) > 0)
          AND (p_after IS NULL OR (e.date, e.id) > (SELECT a.date, a.id FROM public.events AS a WHERE a.id = p_after))
        ORDER BY e.date, e.id
        LIMIT p_limit + 1
    );
BEGIN
    IF cardinality(v_ids) > p_limit THEN
        v_ids := v_ids[:p_limit];
        next_after := v_ids[p_limit];
    END IF;
    events := (
        SELECT coalesce(json_agg((SELECT json_strip_nulls(to_json(c)) FROM public.current_events AS c WHERE c.id = listed.id) ORDER BY listed.ordinal), '[]')
        FROM unnest(v_ids) WITH ORDINALITY AS listed (id, ordinal)
    );
    RETURN NEXT;
END
$$;

COMMENT ON FUNCTION public.list_events IS
    'A page of the events that take place, by date, then id: p_from <= date < p_before, p_query a part of the name, p_after the id of the last event of the page before; next_after is NULL on the last page.';
