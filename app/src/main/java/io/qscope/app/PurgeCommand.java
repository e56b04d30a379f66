package io.qscope.app;

import io.qscope.service.OperatorService;
import io.qscope.store.Purged;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Deletes what is of no more use. */
@Command(
        name = "purge",
        description = {
            "Deletes expired and revoked codes, tokens and consents, authorizations without any, and old throttles.",
            "Never clients or the audit log. Servers may run meanwhile, and other purges too."
        },
        footer = {"", "Example, from cron:", "  qscope purge --before 7d"})
final class PurgeCommand extends SessionCommand {

    @Option(
            names = "--before",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description = {
                "What ended before then is deleted: 2026-11-24T12:00:00Z, or how long ago: 90s, 15m, 6h, 30d",
                "(default: now)."
            })
    private @Nullable Instant before;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ConfirmOption confirm;

    /** Whether it is known, and meant, that what is still live is deleted. */
    private boolean aheadOfTime;

    PurgeCommand(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        aheadOfTime = before != null && before.isAfter(Instant.now());
        if (aheadOfTime) {
            confirm.ask("--before " + before + " is in the future: delete what is still live, and log everybody out?");
        }
    }

    @Override
    protected void run(Session session) {
        Purged purged = purged(session);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("access_tokens", purged.accessTokens());
        view.put("refresh_tokens", purged.refreshTokens());
        view.put("authorization_codes", purged.authorizationCodes());
        view.put("device_codes", purged.deviceCodes());
        view.put("id_tokens", purged.idTokens());
        view.put("authorization_requests", purged.authorizationRequests());
        view.put("authorizations", purged.authorizations());
        view.put("consents", purged.consents());
        view.put("throttles", purged.throttles());
        view.put("total", purged.total());
        output().one(console(), view);
    }

    private Purged purged(Session session) {
        Instant until = before == null ? Instant.now() : before;
        OperatorService operator = session.services().operator();
        try (Progress progress = new Progress(console(), "rows deleted")) {
            return session.awaitLong(
                    aheadOfTime
                            ? operator.purgeWhatIsLive(until, session.by(), progress, session.ray())
                            : operator.purge(until, session.by(), progress, session.ray()));
        }
    }
}
