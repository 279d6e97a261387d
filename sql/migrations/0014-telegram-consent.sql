-- Only people are written to, each in a private chat, and only where nobody said /stop.

UPDATE public.users SET telegram_id = NULL, telegram_broken_at = NULL, telegram_error = NULL
WHERE telegram_id !~ '^[1-9][0-9]{0,15}$';

ALTER TABLE public.users
    DROP CONSTRAINT users_telegram_id_length,
    ADD CONSTRAINT users_telegram_id_is_a_private_chat CHECK (telegram_id ~ '^[1-9][0-9]{0,15}$');

ALTER TABLE public.telegram_chats ADD COLUMN stopped_at timestamptz;

COMMENT ON TABLE public.telegram_chats IS
    'When each chat may get its next message, since Telegram takes one a second, and which chats want none.';
COMMENT ON COLUMN public.telegram_chats.stopped_at IS
    'When somebody said /stop in this chat. Nothing is written to it, whoever names it, until it links itself to a user.';
