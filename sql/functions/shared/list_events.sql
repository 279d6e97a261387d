CREATE OR REPLACE FUNCTION public.list_events(
    p_from timestamptz DEFAULT NULL,
    p_before timestamptz DEFAULT NULL,
    p_query text DEFAULT NULL,
    p_limit integer DEFAULT 50,
    p_after bigint DEFAULT NULL,
    p_past boolean DEFAULT false,
    p_published_only boolean DEFAULT false,
    p_free boolean DEFAULT NULL
) RETURNS TABLE (events json, next_after bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- First the ids of the page, then each event by itself: in one join, PostgreSQL may count the seats of all events.
-- An event is over when it has started, unless it had started when it was created: that one never closes. The two parts
-- of the list, each with an index of its own, are merged, so that what is over is not read on the way to what comes.
-- Whoever asks for free seats looks for what comes: what has a date gone by is bookable too, but listed last.
DECLARE
    v_now timestamptz := public.clock();
    v_after public.events;
    v_apart boolean := coalesce(p_free, false);
    v_among_gone boolean;
    v_ids bigint[];
BEGIN
    SELECT * INTO v_after FROM public.events WHERE id = p_after;
    v_among_gone := coalesce(v_after.date <= v_after.created_at, false);
    IF p_past THEN
        v_ids := ARRAY(
            SELECT e.id
            FROM public.events AS e
            WHERE e.date <= least(v_now, v_after.date) AND e.date > e.created_at
              AND (v_after.id IS NULL OR (e.date, e.id) < (v_after.date, v_after.id))
              AND public.is_listed(e, p_from, p_before, p_query, p_published_only, p_free, v_now)
            ORDER BY e.date DESC, e.id DESC
            LIMIT p_limit + 1
        );
    ELSE
        v_ids := ARRAY(
            SELECT e.id
            FROM (
                (
                    SELECT 0 AS part, e.date, e.id
                    FROM public.events AS e
                    WHERE e.date > v_now AND e.date >= greatest(v_now, p_from, v_after.date) AND e.date > e.created_at
                      AND NOT (v_apart AND v_among_gone)
                      AND (v_after.id IS NULL OR (e.date, e.id) > (v_after.date, v_after.id))
                      AND public.is_listed(e, p_from, p_before, p_query, p_published_only, p_free, v_now)
                    ORDER BY e.date, e.id
                    LIMIT p_limit + 1
                )
                UNION ALL
                (
                    SELECT CASE WHEN v_apart THEN 1 ELSE 0 END, e.date, e.id
                    FROM public.events AS e
                    WHERE e.date <= e.created_at
                      AND (v_after.id IS NULL OR v_apart AND NOT v_among_gone OR (e.date, e.id) > (v_after.date, v_after.id))
                      AND public.is_listed(e, p_from, p_before, p_query, p_published_only, p_free, v_now)
                    ORDER BY e.date, e.id
                    LIMIT p_limit + 1
                )
            ) AS e
            ORDER BY e.part, e.date, e.id
            LIMIT p_limit + 1
        );
    END IF;

    IF cardinality(v_ids) > p_limit THEN
        v_ids := v_ids[:p_limit];
        next_after := v_ids[p_limit];
    END IF;
    events := (
        SELECT coalesce(
            json_agg(
                (SELECT to_json(a) FROM public.event_answers AS a WHERE a.id = listed.id)
                ORDER BY listed.ordinal
            ),
            '[]'
        )
        FROM unnest(v_ids) WITH ORDINALITY AS listed (id, ordinal)
    );
    RETURN NEXT;
END
$$;

COMMENT ON FUNCTION public.list_events IS
    'A page of the events that take place and are not over, by date, then id; with p_past, of those that are over, newest first. p_from <= date < p_before, p_query a part of the name, p_after the id of the last event of the page before; next_after is NULL on the last page. With p_published_only, without those that are not published. With p_free, only those with free seats whose booking has not closed, those whose date was over when they were created last; with p_free false, only the others.';
