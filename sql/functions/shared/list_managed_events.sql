CREATE OR REPLACE FUNCTION public.list_managed_events(
    p_which text DEFAULT 'upcoming',
    p_query text DEFAULT NULL,
    p_sort text DEFAULT 'date',
    p_limit integer DEFAULT 50,
    p_page integer DEFAULT 1
) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- First the ids of the page, by what stands in the rows of events alone; then the holds of those few. A page by its number,
-- not by a cursor: whoever sorts by what changes each second wants to see the top of it anew.
DECLARE
    v_now timestamptz := public.clock();
    v_descends boolean := starts_with(p_sort, '-');
    v_column text := ltrim(p_sort, '-');
    v_ids bigint[];
    v_total bigint;
BEGIN
    WITH wanted AS (
        SELECT
            e.id,
            CASE v_column
                WHEN 'free' THEN e.available_seats::double precision
                WHEN 'fullness' THEN 1 - e.available_seats::double precision / e.total_seats
                WHEN 'waiting' THEN e.waiting::double precision
                WHEN 'date' THEN extract(epoch FROM e.date)::double precision
            END AS number,
            CASE WHEN v_column = 'name' THEN lower(e.name) END AS name
        FROM public.events AS e
        CROSS JOIN LATERAL (SELECT e.date <= v_now AND e.date > e.created_at AS is_over) AS law
        WHERE CASE p_which
                WHEN 'all' THEN true
                WHEN 'canceled' THEN e.canceled_at IS NOT NULL
                WHEN 'past' THEN e.canceled_at IS NULL AND law.is_over
                ELSE e.canceled_at IS NULL AND NOT law.is_over
            END
          AND (p_query IS NULL OR strpos(lower(e.name), lower(p_query)) > 0)
    ),
    page AS (
        SELECT w.id, row_number() OVER () AS ordinal
        FROM (
            SELECT id
            FROM wanted
            ORDER BY CASE WHEN v_descends THEN -number ELSE number END,
                     CASE WHEN NOT v_descends THEN name END, CASE WHEN v_descends THEN name END DESC, id
            LIMIT p_limit OFFSET (p_page - 1)::bigint * p_limit
        ) AS w
    )
    SELECT ARRAY(SELECT id FROM page ORDER BY ordinal), (SELECT count(*) FROM wanted) INTO v_ids, v_total;

    RETURN json_build_object(
        'total', v_total,
        'events', (
            SELECT coalesce(
                json_agg((SELECT to_json(m) FROM public.managed_events AS m WHERE m.id = listed.id) ORDER BY listed.ordinal),
                '[]'
            )
            FROM unnest(v_ids) WITH ORDINALITY AS listed (id, ordinal)
        )
    );
END
$$;

COMMENT ON FUNCTION public.list_managed_events IS
    'A page of the events for those who run them, as JSON: how many there are in all (total) and, of these, rows of managed_events. p_which: upcoming, past, canceled or all; p_query: a part of the name; p_sort: date, name, free, fullness or waiting, with a minus the other way round; pages count from 1. Free and fullness sort by what is stored.';
