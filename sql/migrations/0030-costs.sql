-- transactional: false
-- Nobody waits for an index that is made CONCURRENTLY. A migrate that was killed meanwhile leaves a part, so it is made anew.
DROP INDEX CONCURRENTLY IF EXISTS public.bookings_holds_to_sweep;

-- For the sweep alone, which asks for `seats > 0`, as is true of every booking. The index before was chosen for one event's
-- holds too, by plans made while few had lapsed: each event of a list then looked through the lapsed holds of all events.
CREATE INDEX CONCURRENTLY bookings_holds_to_sweep ON public.bookings (expires_at) WHERE status = 'pending' AND seats > 0;

DROP INDEX CONCURRENTLY IF EXISTS public.bookings_holds_by_expiry;

-- PostgreSQL's own measure, a fifth of the table, is too many dead entries to be read past in a large one.
ALTER TABLE public.bookings SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

CREATE INDEX IF NOT EXISTS archived_events_by_date ON archive.events (date, id);
