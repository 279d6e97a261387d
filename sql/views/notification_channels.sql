CREATE OR REPLACE VIEW public.notification_channels AS
SELECT u.id AS user_id, way.channel, way.reminder
FROM public.users AS u
CROSS JOIN public.telegram_bot AS bot
CROSS JOIN public.mail AS mail
CROSS JOIN LATERAL (
    SELECT bot.enabled AND u.telegram_id IS NOT NULL AND u.telegram_broken_at IS NULL AS telegram,
           mail.enabled AND u.mail_broken_at IS NULL AND u.erased_at IS NULL AS mail
) AS works
CROSS JOIN LATERAL (
    VALUES ('telegram', works.telegram AND u.notify_by <> 'mail', bot.reminder),
           ('mail', works.mail AND (u.notify_by IN ('mail', 'both') OR (u.notify_by = 'auto' AND NOT works.telegram)), mail.reminder)
) AS way (channel, is_used, reminder)
WHERE way.is_used;

COMMENT ON VIEW public.notification_channels IS
    'By which ways each user is told at this moment: as the user wishes, of the ways that exist and reach the user.';
