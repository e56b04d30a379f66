package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Consent;
import io.qscope.model.DeviceCode;
import io.qscope.model.IdToken;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.model.SigningKey;
import io.qscope.model.TokenDigest;
import io.qscope.model.UserAccount;
import io.qscope.store.BaseTable;
import io.qscope.store.ConsentTable;
import io.qscope.store.Storage;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Races of what every table does; each round takes the next table. */
final class TableRaces {

    private TableRaces() {}

    /** Inserts of rows with an equal id: one wins. */
    static final class InsertOfOneId extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return round.storage().authorizations().insert(round.root(), round.ray("prepare"));
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return Subject.of(round).insert(round, own("key", caller), "row", caller);
        }

        @Override
        void check(Round round, Answers answers) {
            int winner = answers.onlyWinner(Answers.DONE, "DuplicateRowException id");
            Subject.of(round).assertStored(round, own("key", winner), "row", 1, winner);
        }
    }

    /** Inserts of rows with an equal unique key, under ids of their own: one wins. */
    static final class InsertOfOneKey extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return round.storage().authorizations().insert(round.root(), round.ray("prepare"));
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return Subject.withKey(round).insert(round, "key", own("row", caller), caller);
        }

        @Override
        void check(Round round, Answers answers) {
            Subject<?> subject = Subject.withKey(round);
            int winner = answers.onlyWinner(Answers.DONE, "DuplicateRowException " + subject.key());
            subject.assertStored(round, "key", own("row", winner), 1, winner);
            assertThat(storedBy(subject.table().apply(round.storage()), round, "row"))
                    .as("callers whose row is stored")
                    .containsExactly(winner);
        }
    }

    /** Updates of one version: one wins, and what it wrote stays. */
    static final class Update extends Race {

        @Override
        CompletableFuture<?> prepare(Round round) {
            return round.storage()
                    .authorizations()
                    .insert(round.root(), round.ray("prepare"))
                    .thenCompose(done -> Subject.of(round).insert(round, "key", "row", 0));
        }

        @Override
        CompletableFuture<?> call(Round round, int caller) {
            return Subject.of(round).update(round, "key", "row", caller);
        }

        @Override
        void check(Round round, Answers answers) {
            int winner = answers.onlyWinner(Answers.DONE, "StaleRowException");
            Subject.of(round).assertStored(round, "key", "row", 2, winner);
        }
    }

    /** A table, with what is unique beside the id where something is, and how its rows are made. */
    private record Subject<T extends Row>(
            Function<Storage, BaseTable<T>> table,
            @Nullable String key,
            BiFunction<Round, String, T> row,
            Edit<T> edit) {

        private static final List<Subject<?>> WITH_KEY = List.of(
                new Subject<OAuthClient>(
                        Storage::clients,
                        "clientIdentifier",
                        (round, key) -> round.client().toBuilder()
                                .clientIdentifier(round.id(key))
                                .build(),
                        (row, id, version, by) -> row.toBuilder()
                                .id(id)
                                .version(version)
                                .updatedBy(by)
                                .build()),
                new Subject<AuthorizationCode>(
                        Storage::authorizationCodes,
                        "code",
                        Round::code,
                        (row, id, version, by) -> row.toBuilder()
                                .id(id)
                                .version(version)
                                .updatedBy(by)
                                .build()),
                new Subject<AccessToken>(
                        Storage::accessTokens,
                        "token",
                        Round::accessToken,
                        (row, id, version, by) -> row.toBuilder()
                                .id(id)
                                .version(version)
                                .updatedBy(by)
                                .build()),
                new Subject<RefreshToken>(
                        Storage::refreshTokens,
                        "token",
                        Round::refreshToken,
                        (row, id, version, by) -> row.toBuilder()
                                .id(id)
                                .version(version)
                                .updatedBy(by)
                                .build()),
                new Subject<IdToken>(
                        Storage::idTokens,
                        "token",
                        Round::idToken,
                        (row, id, version, by) -> row.toBuilder()
                                .id(id)
                                .version(version)
                                .updatedBy(by)
                                .build()),
                new Subject<AuthorizationRequest>(
                        Storage::authorizationRequests,
                        "handle",
                        Round::request,
                        (row, id, version, by) -> row.toBuilder()
                                .id(id)
                                .version(version)
                                .updatedBy(by)
                                .build()),
                new Subject<Consent>(
                        Storage::consents,
                        ConsentTable.LIVE_KEY,
                        Round::consent,
                        (row, id, version, by) -> row.toBuilder()
                                .id(id)
                                .version(version)
                                .updatedBy(by)
                                .build()),
                new Subject<UserAccount>(
                        Storage::users,
                        "username",
                        Round::userAccount,
                        (row, id, version, by) -> row.toBuilder()
                                .id(id)
                                .version(version)
                                .updatedBy(by)
                                .build()),
                new Subject<DeviceCode>(
                        Storage::deviceCodes,
                        "deviceCode",
                        Round::deviceCode,
                        (row, id, version, by) -> row.toBuilder()
                                .id(id)
                                .version(version)
                                .userCode(beside(row.deviceCode(), id))
                                .updatedBy(by)
                                .build()),
                new Subject<DeviceCode>(
                        Storage::deviceCodes,
                        "userCode",
                        Round::deviceCode,
                        (row, id, version, by) -> row.toBuilder()
                                .id(id)
                                .version(version)
                                .deviceCode(beside(row.userCode(), id))
                                .updatedBy(by)
                                .build()));

        private static final List<Subject<?>> WITHOUT_KEY = List.of(
                new Subject<Authorization>(
                        Storage::authorizations,
                        null,
                        Round::root,
                        (row, id, version, by) -> row.toBuilder()
                                .id(id)
                                .version(version)
                                .updatedBy(by)
                                .build()),
                new Subject<SigningKey>(
                        Storage::signingKeys,
                        null,
                        Round::signingKey,
                        (row, id, version, by) -> row.toBuilder()
                                .id(id)
                                .version(version)
                                .updatedBy(by)
                                .build()));

        /** The digest of a row that has two: another whenever its key or its id is another. */
        private static TokenDigest beside(TokenDigest key, String id) {
            return TokenDigest.sha256(HexFormat.of().formatHex(key.bytes()) + id);
        }

        static Subject<?> of(Round round) {
            int next = round.number() % (WITH_KEY.size() + WITHOUT_KEY.size());
            return next < WITH_KEY.size() ? WITH_KEY.get(next) : WITHOUT_KEY.get(next - WITH_KEY.size());
        }

        static Subject<?> withKey(Round round) {
            return WITH_KEY.get(round.number() % WITH_KEY.size());
        }

        CompletableFuture<Void> insert(Round round, String keyFrom, String id, int caller) {
            return table.apply(round.storage())
                    .insert(made(round, keyFrom, id, 0, caller), round.ray(Race.own("caller", caller)));
        }

        CompletableFuture<Void> update(Round round, String keyFrom, String id, int caller) {
            return table.apply(round.storage())
                    .update(made(round, keyFrom, id, 1, caller), round.ray(Race.own("caller", caller)));
        }

        void assertStored(Round round, String keyFrom, String id, long version, int caller) {
            assertThat(Race.stored(table.apply(round.storage()), round, id))
                    .isEqualTo(made(round, keyFrom, id, version, caller));
        }

        private T made(Round round, String keyFrom, String id, long version, int caller) {
            return edit.apply(row.apply(round, keyFrom), round.id(id), version, Race.own("caller", caller));
        }
    }

    /** Makes a row another by its id, its version and its writer. */
    private interface Edit<T> {
        T apply(T row, String id, long version, String updatedBy);
    }
}
