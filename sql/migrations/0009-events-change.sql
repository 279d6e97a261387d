-- Events that are changed or canceled after people booked, and the messages about it.

ALTER TABLE public.events ADD COLUMN canceled_at timestamptz;
ALTER TABLE archive.events ADD COLUMN canceled_at timestamptz;

COMMENT ON COLUMN public.events.canceled_at IS 'Since when the event does not take place; its bookings were canceled then. NULL: it does.';

ALTER TABLE public.outbox
    DROP CONSTRAINT outbox_kind_is_known,
    ADD CONSTRAINT outbox_kind_is_known CHECK (
        kind IN (
            'hold_made', 'hold_ending', 'booking_confirmed', 'hold_lapsed', 'booking_canceled', 'event_changed', 'event_canceled'
        )
    );
