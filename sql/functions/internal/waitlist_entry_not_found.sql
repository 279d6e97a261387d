CREATE OR REPLACE FUNCTION public.waitlist_entry_not_found(p_entry_id bigint) RETURNS public.refusal
LANGUAGE sql IMMUTABLE AS
$$
    SELECT public.refuse('EB005', format('There is no waiting list entry %s.', p_entry_id))
$$;

COMMENT ON FUNCTION public.waitlist_entry_not_found IS
    'EB005 waitlist_entry_not_found, always: for a caller that has looked for the entry and found none.';
