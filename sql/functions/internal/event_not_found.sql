CREATE OR REPLACE FUNCTION public.event_not_found(p_event_id bigint) RETURNS public.refusal
LANGUAGE sql IMMUTABLE AS
$$
    SELECT public.refuse('EB001', format('There is no event %s.', p_event_id))
$$;

COMMENT ON FUNCTION public.event_not_found IS
    'EB001 event_not_found, always: for a caller that has looked for the event and found none.';
