-- A bot that people connect by themselves: who can be reached and in which language, what the bot knows of itself,
-- and messages that are told ahead of time.

ALTER TABLE public.users
    ADD COLUMN language text,
    ADD COLUMN telegram_broken_at timestamptz,
    ADD COLUMN telegram_error text,
    ADD CONSTRAINT users_language_is_known CHECK (language IN ('en', 'ru')),
    ADD CONSTRAINT users_telegram_broken_says_why CHECK ((telegram_broken_at IS NULL) = (telegram_error IS NULL));

CREATE INDEX users_of_a_chat ON public.users (telegram_id) WHERE telegram_id IS NOT NULL;

COMMENT ON COLUMN public.users.language IS 'In which language the person is told; NULL: the configured one.';
COMMENT ON COLUMN public.users.telegram_broken_at IS
    'Since when Telegram does not take messages for telegram_id; nothing is queued until it is linked anew.';
COMMENT ON COLUMN public.users.telegram_error IS 'What Telegram said then.';

CREATE TABLE public.telegram_bot (
    id             boolean NOT NULL DEFAULT true,
    enabled        boolean NOT NULL DEFAULT true,
    reminder       double precision NOT NULL DEFAULT 0.5,
    bot_id         bigint,
    username       text,
    next_update_id bigint NOT NULL DEFAULT 0,
    next_send_at   timestamptz,
    quiet_until    timestamptz,
    CONSTRAINT telegram_bot_pkey PRIMARY KEY (id),
    CONSTRAINT telegram_bot_is_one CHECK (id),
    CONSTRAINT telegram_bot_reminder_range CHECK (reminder BETWEEN 0 AND 1)
);

INSERT INTO public.telegram_bot DEFAULT VALUES;

COMMENT ON TABLE public.telegram_bot IS 'What all workers know together about the bot: one row.';
COMMENT ON COLUMN public.telegram_bot.enabled IS 'Whether there is a bot at all; without one nothing is queued.';
COMMENT ON COLUMN public.telegram_bot.reminder IS 'The share of a hold''s life that is left when its user is reminded; 0: never.';
COMMENT ON COLUMN public.telegram_bot.bot_id IS 'Whose username and next_update_id these are; NULL: no worker has asked Telegram yet.';
COMMENT ON COLUMN public.telegram_bot.next_update_id IS 'The offset of getUpdates: all before it has been done.';
COMMENT ON COLUMN public.telegram_bot.next_send_at IS 'When the next message may go out, by the pace that all notifiers keep together.';
COMMENT ON COLUMN public.telegram_bot.quiet_until IS 'Telegram wants nothing from the whole bot before.';

CREATE TABLE public.telegram_chats (
    chat_id      text,
    next_send_at timestamptz NOT NULL,
    CONSTRAINT telegram_chats_pkey PRIMARY KEY (chat_id)
);

COMMENT ON TABLE public.telegram_chats IS 'When each chat may get its next message: Telegram takes one a second.';

CREATE TABLE public.telegram_links (
    token_hash bytea,
    user_id    bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    chat_id    text,
    CONSTRAINT telegram_links_pkey PRIMARY KEY (token_hash),
    CONSTRAINT telegram_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id)
);

CREATE INDEX telegram_links_by_expiry ON public.telegram_links (expires_at);

COMMENT ON TABLE public.telegram_links IS 'Links that connect a user to the chat in which they are opened, by the SHA-256 of their token.';
COMMENT ON COLUMN public.telegram_links.chat_id IS 'The chat that used the link; NULL: it can still be used.';

ALTER TABLE public.outbox
    ADD COLUMN not_before timestamptz NOT NULL DEFAULT clock_timestamp(),
    DROP CONSTRAINT outbox_kind_is_known,
    ADD CONSTRAINT outbox_kind_is_known CHECK (
        kind IN ('hold_made', 'hold_ending', 'booking_confirmed', 'hold_lapsed', 'booking_canceled')
    );

UPDATE public.outbox SET not_before = created_at;

DROP INDEX public.outbox_waiting_of_a_user;
CREATE INDEX outbox_waiting_of_a_user ON public.outbox (user_id, not_before, id) WHERE state = 'waiting';

COMMENT ON COLUMN public.outbox.not_before IS
    'When it is news: its place in the order of the user''s messages. A reminder is written ahead of its time.';

-- Their results and parameters have changed.
DROP FUNCTION IF EXISTS public.claim_notifications(integer, interval);
DROP FUNCTION IF EXISTS public.fail_notification(bigint, uuid, text);
