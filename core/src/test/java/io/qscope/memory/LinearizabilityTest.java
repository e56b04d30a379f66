package io.qscope.memory;

import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.DeviceCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.RefreshTokenBuilder;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.Grace;
import io.qscope.store.RotateOutcome;
import io.qscope.store.UnitOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever concurrent callers see of the memory engine, callers one after the other could have seen, of a model in a few
 * fields. Attempts are numbers: an equal one is a repeat. Lincheck prints the interleaving that breaks this, if one does.
 */
class LinearizabilityTest {

    private static final RayId RAY = new RayId("ray");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @ValueSource(classes = {CodeCalls.class, TokenCalls.class, DeviceCalls.class})
    void underStress(Class<?> calls) {
        new StressOptions()
                .threads(3)
                .actorsPerThread(3)
                .iterations(10)
                .invocationsPerIteration(300)
                .sequentialSpecification(specificationOf(calls))
                .check(calls);
    }

    private static Class<?> specificationOf(Class<?> calls) {
        return calls == CodeCalls.class
                ? CodeSpecification.class
                : calls == TokenCalls.class ? TokenSpecification.class : DeviceSpecification.class;
    }

    /** One client and one root, in a storage that answers before a call returns. */
    abstract static class Calls {

        final MemoryStorage storage = MemoryStorage.open(Runnable::run);

        Calls() {
            storage.clients()
                    .insert(
                            OAuthClient.builder()
                                    .id("client")
                                    .clientIdentifier("client")
                                    .createdAt(NOW)
                                    .createdBy("test")
                                    .build(),
                            RAY)
                    .join();
            storage.authorizations()
                    .insert(
                            Authorization.builder()
                                    .id("root")
                                    .clientId("client")
                                    .createdAt(NOW)
                                    .createdBy("test")
                                    .build(),
                            RAY)
                    .join();
        }

        static Attempt attempt(int number) {
            return new Attempt("attempt-" + number, NOW, "test");
        }

        boolean revokeRoot() {
            return storage.authorizations()
                    .revoke("root", new Attempt("revocation", NOW, "test"), RAY)
                    .join()
                    .won();
        }
    }

    /** Redeems one code, alone and together with the token that it buys. */
    @Param(name = "attempt", gen = IntGen.class, conf = "1:4")
    public static class CodeCalls extends Calls {

        private static final TokenDigest CODE = TokenDigest.sha256("code");

        public CodeCalls() {
            storage.authorizationCodes()
                    .insert(
                            AuthorizationCode.builder()
                                    .id("code")
                                    .code(CODE)
                                    .clientId("client")
                                    .userId("user")
                                    .authorizationId("root")
                                    .expiresAt(NOW.plusSeconds(60))
                                    .createdAt(NOW)
                                    .createdBy("test")
                                    .build(),
                            RAY)
                    .join();
        }

        @Operation
        public String consume(@Param(name = "attempt") int number) {
            return storage.authorizationCodes()
                    .consume(CODE, attempt(number), RAY)
                    .join()
                    .kind()
                    .name();
        }

        /** Attempts of their own, since an attempt serves one call. */
        @Operation
        public boolean redeem(@Param(name = "attempt") int number) {
            AccessToken token = AccessToken.builder()
                    .id("token-" + number)
                    .token(TokenDigest.sha256("token-" + number))
                    .clientId("client")
                    .authorizationId("root")
                    .expiresAt(NOW.plusSeconds(60))
                    .createdAt(NOW)
                    .createdBy("test")
                    .build();
            UnitOutcome outcome = storage.unitOfWork(attempt(100 + number))
                    .insert(token)
                    .consume(CODE)
                    .commit(RAY)
                    .join();
            return outcome.committed();
        }

        @Operation
        public boolean hasToken(@Param(name = "attempt") int number) {
            return storage.accessTokens().getById("token-" + number, RAY).join().isPresent();
        }

        @Operation
        public boolean revoke() {
            return revokeRoot();
        }
    }

    /** A code is who won it. */
    public static class CodeSpecification {

        private int winner;
        private boolean revoked;

        public String consume(int number) {
            if (winner == number) {
                return "CONSUMED";
            }
            if (revoked) {
                return "REVOKED";
            }
            if (winner != 0) {
                return "ALREADY_CONSUMED";
            }
            winner = number;
            return "CONSUMED";
        }

        public boolean redeem(int number) {
            return consume(100 + number).equals("CONSUMED");
        }

        public boolean hasToken(int number) {
            return winner == 100 + number;
        }

        public boolean revoke() {
            revoked = true;
            return true;
        }
    }

    /** Rotates one refresh token with one grace use, and revokes it and its family. */
    @Param(name = "attempt", gen = IntGen.class, conf = "1:4")
    public static class TokenCalls extends Calls {

        private static final TokenDigest TOKEN = TokenDigest.sha256("token");
        private static final Grace ONE_MORE = new Grace(Duration.ofSeconds(10), 1);

        public TokenCalls() {
            storage.refreshTokens()
                    .insert(token("token").predecessorId(null).build(), RAY)
                    .join();
        }

        private static RefreshTokenBuilder token(String id) {
            return RefreshToken.builder()
                    .id(id)
                    .token(TokenDigest.sha256(id))
                    .clientId("client")
                    .authorizationId("root")
                    .predecessorId("token")
                    .createdAt(NOW)
                    .createdBy("test");
        }

        @Operation
        public String rotate(@Param(name = "attempt") int number) {
            RotateOutcome outcome = storage.refreshTokens()
                    .rotate(TOKEN, token("successor-" + number).build(), ONE_MORE, attempt(number), RAY)
                    .join();
            return outcome.kind().name();
        }

        @Operation
        public boolean hasSuccessor(@Param(name = "attempt") int number) {
            return storage.refreshTokens()
                    .getById("successor-" + number, RAY)
                    .join()
                    .isPresent();
        }

        @Operation
        public String revokeToken(@Param(name = "attempt") int number) {
            return storage.refreshTokens()
                    .revoke(TOKEN, attempt(100 + number), RAY)
                    .join()
                    .kind()
                    .name();
        }

        @Operation
        public boolean revoke() {
            return revokeRoot();
        }

        @Operation
        public boolean isLive() {
            Optional<RefreshToken> row =
                    storage.refreshTokens().getByToken(TOKEN, RAY).join();
            return row.orElseThrow().isLive(NOW);
        }
    }

    /** A refresh token is the attempts that rotated it, in their order, and who revoked it. */
    public static class TokenSpecification {

        private final List<Integer> winners = new ArrayList<>();
        private int revoker;
        private boolean rootRevoked;

        public String rotate(int number) {
            if (!winners.contains(number)) {
                if (revoker != 0 || rootRevoked) {
                    return "REVOKED";
                }
                if (winners.size() == 2) {
                    return "ALREADY_ROTATED";
                }
                winners.add(number);
            }
            return winners.get(0) == number ? "ROTATED" : "ROTATED_AGAIN";
        }

        public boolean hasSuccessor(int number) {
            return winners.contains(number);
        }

        public String revokeToken(int number) {
            if (revoker != 0 && revoker != number) {
                return "ALREADY_REVOKED";
            }
            revoker = number;
            return "REVOKED";
        }

        public boolean revoke() {
            rootRevoked = true;
            return true;
        }

        public boolean isLive() {
            return winners.isEmpty() && revoker == 0 && !rootRevoked;
        }
    }

    /** Decides on one device code while its device polls and redeems. */
    @Param(name = "attempt", gen = IntGen.class, conf = "1:3")
    public static class DeviceCalls extends Calls {

        private static final TokenDigest DEVICE = TokenDigest.sha256("device");
        private static final TokenDigest USER = TokenDigest.sha256("user");

        public DeviceCalls() {
            storage.deviceCodes()
                    .insert(
                            DeviceCode.builder()
                                    .id("device")
                                    .deviceCode(DEVICE)
                                    .userCode(USER)
                                    .clientId("client")
                                    .authorizationId("root")
                                    .expiresAt(NOW.plusSeconds(60))
                                    .createdAt(NOW)
                                    .createdBy("test")
                                    .build(),
                            RAY)
                    .join();
        }

        @Operation
        public String approve(@Param(name = "attempt") int number) {
            return storage.deviceCodes()
                    .approve(USER, "user-" + number, attempt(number), RAY)
                    .join()
                    .kind()
                    .name();
        }

        @Operation
        public String deny(@Param(name = "attempt") int number) {
            return storage.deviceCodes()
                    .deny(USER, attempt(100 + number), RAY)
                    .join()
                    .kind()
                    .name();
        }

        @Operation
        public String poll(@Param(name = "attempt") int number) {
            return storage.deviceCodes()
                    .poll(DEVICE, attempt(200 + number), RAY)
                    .join()
                    .kind()
                    .name();
        }

        @Operation
        public String consume(@Param(name = "attempt") int number) {
            return storage.deviceCodes()
                    .consume(DEVICE, attempt(300 + number), RAY)
                    .join()
                    .kind()
                    .name();
        }

        /** The row and its root name one user, or neither does. */
        @Operation
        public String userOfRoot() {
            return storage.authorizations()
                    .getById("root", RAY)
                    .join()
                    .flatMap(root -> Optional.ofNullable(root.userId()))
                    .orElse("none");
        }
    }

    /** A device code is who decided, who polled last and whether too soon, and who consumed it. */
    public static class DeviceSpecification {

        private int approver;
        private int denier;
        private int consumer;
        private int poller;
        private boolean polledTooSoon;

        public String approve(int number) {
            if (approver == number) {
                return "DECIDED";
            }
            if (approver != 0 || denier != 0) {
                return "ALREADY_DECIDED";
            }
            approver = number;
            return "DECIDED";
        }

        public String deny(int number) {
            if (denier == number) {
                return "DECIDED";
            }
            if (approver != 0 || denier != 0) {
                return "ALREADY_DECIDED";
            }
            denier = number;
            return "DECIDED";
        }

        public String poll(int number) {
            if (poller == number) {
                return polledTooSoon ? "SLOW_DOWN" : "PENDING";
            }
            if (denier != 0) {
                return "DENIED";
            }
            if (approver != 0) {
                return consumer != 0 ? "ALREADY_CONSUMED" : "APPROVED";
            }
            polledTooSoon = poller != 0;
            poller = number;
            return polledTooSoon ? "SLOW_DOWN" : "PENDING";
        }

        public String consume(int number) {
            if (consumer == number) {
                return "CONSUMED";
            }
            if (consumer != 0) {
                return "ALREADY_CONSUMED";
            }
            if (approver == 0) {
                return "NOT_APPROVED";
            }
            consumer = number;
            return "CONSUMED";
        }

        public String userOfRoot() {
            return approver == 0 ? "none" : "user-" + approver;
        }
    }
}
