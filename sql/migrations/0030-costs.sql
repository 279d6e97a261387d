-- transactional: false
-- Nobody waits for indexes that are made CONCURRENTLY. A migrate that was killed meanwhile leaves a part, so they are made
-- anew.
DROP INDEX CONCURRENTLY IF EXISTS public.bookings_holds_to_sweep;
DROP INDEX CONCURRENTLY IF EXISTS public.outbox_of_a_booking;

-- For the sweep alone, which asks for `seats > 0`, as is true of every booking. The index before was chosen for one event's
-- holds too, by plans made while few had lapsed: each event of a list then looked through the lapsed holds of all events.
CREATE INDEX CONCURRENTLY bookings_holds_to_sweep ON public.bookings (expires_at) WHERE status = 'pending' AND seats > 0;

DROP INDEX CONCURRENTLY IF EXISTS public.bookings_holds_by_expiry;

-- PostgreSQL's own measure, a fifth of the table, is too many dead entries to be read past in a large one.
ALTER TABLE public.bookings SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

-- Each booking that leaves for the archive is asked for among the messages, by the foreign key.
CREATE INDEX CONCURRENTLY outbox_of_a_booking ON public.outbox (booking_id) WHERE booking_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS archived_events_by_date ON archive.events (date, id);
