package io.qscope.tck;

import io.qscope.model.RayId;
import io.qscope.model.SigningKey;
import io.qscope.model.UserAccount;
import io.qscope.store.Purged;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Engines that are wrong about users and signing keys. */
final class SabotagedAccounts {

    private SabotagedAccounts() {}

    @Caught(by = "Accounts.anAccountIsReadByItsUsernameDisabledOrNot")
    static class DisabledAccountsAreAbsent extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            return call.is("users.getByUsername")
                    ? call.<Optional<UserAccount>>future().thenApply(found -> found.filter(UserAccount::isEnabled))
                    : call.future();
        }
    }

    @Caught(
            by = "Accounts.aUsernameIsTakenOnceAndInTheCaseThatItIsWrittenIn",
            with = {"Accounts.anAccountIsReadByItsUsernameDisabledOrNot", "RoundTrips"})
    static class UsernamesAreFolded extends SabotagedEngine {
        @Override
        public CompletableFuture<?> answer(Call call) {
            if (!call.is("users.insert")) {
                return call.future();
            }
            UserAccount row = call.argument(UserAccount.class);
            String folded = row.username().toLowerCase(Locale.ROOT);
            return call.with(row, row.toBuilder().username(folded).build()).future();
        }
    }

    @Caught(by = "Accounts.keysAndAccountsAreListedByIdAndNeverPurged")
    static class PurgeTakesExpiredKeys extends SabotagedEngine {

        private volatile String inserted = "";

        @Override
        public CompletableFuture<?> answer(Call call) {
            if (call.is("signingKeys.insert")) {
                inserted = call.argument(SigningKey.class).id();
            }
            return call.is("storage.purge")
                    ? call.<Purged>future()
                            .thenCompose(purged -> call.honest()
                                    .signingKeys()
                                    .deleteById(inserted, call.argument(RayId.class))
                                    .thenApply(done -> purged))
                    : call.future();
        }
    }
}
