CREATE OR REPLACE FUNCTION public.list_event_problems(p_event_id bigint, p_limit integer DEFAULT 20) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
BEGIN
    IF NOT EXISTS (SELECT FROM public.events WHERE id = p_event_id) THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
    RETURN coalesce((
        SELECT json_agg(
            public.notification_json(problem)::jsonb || jsonb_build_object('user_name', u.name, 'user_email', u.email)
            ORDER BY problem.id DESC
        )
        FROM public.problems_of_event(p_event_id, p_limit) AS problem
        JOIN public.users AS u ON u.id = problem.user_id
    ), '[]');
END
$$;

COMMENT ON FUNCTION public.list_event_problems IS
    'The newest messages about an event or its bookings that failed or could not be sent yet, each with user_name and user_email. Raises EB001 event_not_found.';
