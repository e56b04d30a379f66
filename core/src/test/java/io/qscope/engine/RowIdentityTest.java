package io.qscope.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AuditLog;
import io.qscope.model.Row;
import io.qscope.model.Samples;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every component of every row belongs to exactly one of four kinds. A new component fails here until it is told which. */
class RowIdentityTest {

    /** Given at birth, for life; see {@link #BORN_HERE_ONLY}. */
    private static final Set<String> BIRTH = Set.of(
            "id",
            "code",
            "token",
            "deviceCode",
            "userCode",
            "handle",
            "clientId",
            "authorizationId",
            "predecessorId",
            "createdAt",
            "createdBy");

    /** Set by transitions only; see {@link #DEVICE_CODE_USER}. */
    private static final Set<String> OWNED =
            Set.of("revokedAt", "consumedAt", "rotatedAt", "graceUses", "state", "interval", "lastPolledAt");

    /** Set by the store with every row. */
    private static final Set<String> GIVEN =
            Set.of("version", "authorizationRevokedAt", "chain", "sequence", "previousHash", "hash");

    private static final Map<String, Set<String>> ORDINARY = Map.ofEntries(
            Map.entry(
                    "OAuthClient",
                    Set.of(
                            "clientIdentifier",
                            "clientSecret",
                            "previousClientSecret",
                            "previousClientSecretExpiresAt",
                            "isConfidential",
                            "redirectUris",
                            "grantTypes",
                            "scopes",
                            "isEnabled",
                            "config",
                            "updatedAt",
                            "updatedBy")),
            Map.entry("Authorization", Set.of("userId", "scopes", "attributes", "updatedAt", "updatedBy")),
            Map.entry(
                    "AuthorizationCode",
                    Set.of(
                            "userId",
                            "redirectUri",
                            "scopes",
                            "codeChallenge",
                            "codeChallengeMethod",
                            "expiresAt",
                            "metadata",
                            "updatedAt",
                            "updatedBy")),
            Map.entry(
                    "AccessToken",
                    Set.of("userId", "refreshTokenId", "scopes", "expiresAt", "metadata", "updatedAt", "updatedBy")),
            Map.entry("RefreshToken", Set.of("userId", "scopes", "expiresAt", "metadata", "updatedAt", "updatedBy")),
            Map.entry("DeviceCode", Set.of("scopes", "expiresAt", "metadata", "updatedAt", "updatedBy")),
            Map.entry("IdToken", Set.of("metadata", "updatedAt", "updatedBy")),
            Map.entry("AuthorizationRequest", Set.of("userId", "parameters", "expiresAt", "updatedAt", "updatedBy")),
            Map.entry("Consent", Set.of("scopes", "updatedAt", "updatedBy")),
            Map.entry("SigningKey", Set.of("sealedKey", "retiredAt", "expiresAt", "updatedAt", "updatedBy")),
            Map.entry("UserAccount", Set.of("password", "claims", "disabledAt", "updatedAt", "updatedBy")));

    /** A consent is its user's for life, an ID token is what was signed, a key is a key, and a name is what others refer to. */
    private static final Set<String> BORN_HERE_ONLY = Set.of(
            "Consent.userId",
            "IdToken.userId",
            "IdToken.expiresAt",
            "SigningKey.algorithm",
            "SigningKey.publicKey",
            "UserAccount.username");

    /** Only {@code approve} says who the user of a device code is; of every other row it is an ordinary field. */
    private static final String DEVICE_CODE_USER = "DeviceCode.userId";

    record Case(Row row, RecordComponent component) {

        Row changed() {
            Record record = (Record) row;
            return (Row)
                    Samples.with(record, component.getName(), Samples.otherThan(Samples.valueOf(record, component)));
        }

        boolean isIn(Set<String> names) {
            return names.contains(component.getName());
        }

        boolean isBorn() {
            return isIn(BIRTH) || BORN_HERE_ONLY.contains(toString());
        }

        boolean isOwned() {
            return isIn(OWNED) || toString().equals(DEVICE_CODE_USER);
        }

        boolean isOrdinary() {
            return isIn(ORDINARY.getOrDefault(row.getClass().getSimpleName(), Set.of()));
        }

        @Override
        public String toString() {
            return row.getClass().getSimpleName() + "." + component.getName();
        }
    }

    static Stream<Case> components() {
        return Samples.rows()
                .flatMap(row ->
                        Arrays.stream(row.getClass().getRecordComponents()).map(component -> new Case(row, component)));
    }

    /** Entries of the audit log are never updated. */
    static Stream<Case> mutable() {
        return components().filter(each -> !(each.row() instanceof AuditLog));
    }

    @ParameterizedTest
    @MethodSource("mutable")
    void everyComponentIsOfOneKind(Case each) {
        assertThat(Stream.of(each.isBorn(), each.isOwned(), each.isIn(GIVEN), each.isOrdinary())
                        .filter(is -> is))
                .as("decide what may change %s, then name it here", each)
                .hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("mutable")
    void updateKeepsWhatIsBornOrOwned(Case each) {
        assertThat(RowIdentity.kept(each.row(), each.changed())).isEqualTo(!each.isBorn() && !each.isOwned());
    }

    @ParameterizedTest
    @MethodSource("components")
    void insertIsTheSameOnlyWithEveryFieldThatTheCallerGave(Case each) {
        assertThat(RowIdentity.sameInsert(each.changed(), each.row())).isEqualTo(each.isIn(GIVEN));
    }

    @ParameterizedTest
    @MethodSource("mutable")
    void insertOfARowWrittenSinceIsTheSameWithWhatItWasBornWith(Case each) {
        Row writtenSince = (Row) Samples.with((Record) each.row(), "version", 2L);
        assertThat(RowIdentity.sameInsert(each.changed(), writtenSince)).isEqualTo(!each.isBorn());
    }

    @Test
    void rowsOfTwoKindsAreNeverTheSame() {
        for (Row one : Samples.rows().collect(Collectors.toList())) {
            for (Row other : Samples.rows().collect(Collectors.toList())) {
                if (one.getClass() != other.getClass()) {
                    assertThat(RowIdentity.sameInsert(one, other)).isFalse();
                    assertThat(RowIdentity.kept(one, other)).isFalse();
                }
            }
        }
    }
}
