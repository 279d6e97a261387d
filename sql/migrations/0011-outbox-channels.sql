-- Messages by mail as well as by Telegram, and messages that are not about a booking.

ALTER TABLE public.outbox
    ALTER COLUMN booking_id DROP NOT NULL,
    ADD COLUMN event_id bigint,
    ADD COLUMN link_nonce text,
    ADD COLUMN channel text NOT NULL DEFAULT 'telegram',
    DROP CONSTRAINT outbox_kind_is_known,
    ADD CONSTRAINT outbox_kind_is_known CHECK (
        kind IN (
            'hold_made', 'hold_ending', 'booking_confirmed', 'hold_lapsed', 'booking_canceled', 'event_changed',
            'event_canceled', 'seat_offered', 'offer_lapsed', 'waitlist_ended', 'password_reset', 'email_proof'
        )
    ),
    ADD CONSTRAINT outbox_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.events (id),
    ADD CONSTRAINT outbox_channel_is_known CHECK (channel IN ('telegram', 'mail')),
    ADD CONSTRAINT outbox_is_about_one_thing CHECK (num_nonnulls(booking_id, event_id, link_nonce) = 1),
    ADD CONSTRAINT outbox_links_go_by_mail CHECK (link_nonce IS NULL OR channel = 'mail');

DROP INDEX public.outbox_waiting_of_a_user;
CREATE INDEX outbox_waiting_of_a_user ON public.outbox (user_id, channel, not_before, id) WHERE state = 'waiting';
CREATE INDEX outbox_of_an_event ON public.outbox (event_id) WHERE event_id IS NOT NULL;

COMMENT ON COLUMN public.outbox.event_id IS 'What the message is about where the user has no booking for the event.';
COMMENT ON COLUMN public.outbox.link_nonce IS
    'Of which link the message tells: its token is derived from this with the secret key when the message is sent.';
COMMENT ON COLUMN public.outbox.channel IS 'By which way the message goes. Each way keeps the order of a user''s messages.';

CREATE TABLE public.mail (
    id      boolean NOT NULL DEFAULT true,
    enabled boolean NOT NULL DEFAULT false,
    CONSTRAINT mail_pkey PRIMARY KEY (id),
    CONSTRAINT mail_is_one CHECK (id)
);

INSERT INTO public.mail DEFAULT VALUES;

COMMENT ON TABLE public.mail IS 'Whether mail can be sent: one row. Without a mail server nothing is queued for it.';

-- Its result has changed.
DROP FUNCTION IF EXISTS public.claim_notifications;
