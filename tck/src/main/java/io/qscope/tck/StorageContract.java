package io.qscope.tck;

import io.qscope.store.Guarantee;
import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/**
 * The contract as tests. An engine proves that it keeps the contract by extending this class:
 *
 * <pre>{@code
 * class MyStorageTest extends StorageContract {
 *     protected String newLocation() throws Exception {
 *         return "my:" + Files.createTempDirectory("my").resolve("db");
 *     }
 *
 *     protected Storage open(String location) {
 *         return Storage.open(location);
 *     }
 * }
 * }</pre>
 *
 * <p>The class needs a constructor without arguments: child processes make it by name, on the same class path, and call
 * {@link #open}. Tests of a {@link Guarantee} that the engine does not claim show as skipped, with the engine's reason.
 * What is random follows the seed {@value #SEED_PROPERTY}, which a failure names.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class StorageContract {

    /** The system property with the seed of everything random; without it every run has a seed of its own. */
    public static final String SEED_PROPERTY = "qscope.tck.seed";

    private final long seed =
            Long.getLong(SEED_PROPERTY, ThreadLocalRandom.current().nextLong());

    private String location;
    private Storage storage;

    /** For engines' tests. */
    protected StorageContract() {}

    /**
     * Names a place without data, which nothing else uses. Called several times a class; whoever extends this class cleans up.
     *
     * @return what {@link #open} takes, in this process and in others
     */
    protected abstract String newLocation() throws Exception;

    /**
     * Opens a storage that is ready to use. Called more than once for one location, also from other processes, when the
     * engine claims {@link Guarantee#SHARED_BY_STORAGES} or {@link Guarantee#SHARED_BY_PROCESSES}, or claims that data
     * outlives the process. The kit closes what it opens.
     */
    protected abstract Storage open(String location);

    /**
     * Opens a storage with what does not belong into its location: a listener, and keys only of an engine that claims {@link
     * Guarantee#AUDIT_LOG_CHAINED}. To be overridden by an engine that {@link Storage#open(String, StorageOptions)} does not know.
     */
    protected Storage open(String location, StorageOptions options) {
        return Storage.open(location, options);
    }

    /**
     * How many rounds each race has, and at most how many processes are killed; fewer save time and find less. 200 unless the system
     * property {@code qscope.tck.rounds} says otherwise or an engine's test overrides this.
     */
    protected int rounds() {
        return Integer.getInteger("qscope.tck.rounds", 200);
    }

    /**
     * How many ways a storage has at most to write at the same time, each with a chain of the audit log of its own; 1 unless the
     * engine overrides this.
     */
    protected int lanes() {
        return 1;
    }

    @BeforeAll
    void openStorage() throws Exception {
        location = newLocation();
        storage = open(location);
    }

    @AfterAll
    void closeStorage() {
        storage.close();
    }

    /** The storage that the tests of this class share: they use random keys and never look at each other's rows. */
    final Storage storage() {
        return storage;
    }

    /** Where the shared storage is. */
    final String location() {
        return location;
    }

    /** How long a test waits for what cannot take long, however busy the machine. */
    int patienceSeconds() {
        return ContractGroup.PATIENCE_SECONDS;
    }

    final long seed() {
        return seed;
    }

    @Nested
    class EveryTable extends BaseTableContract {
        EveryTable() {
            super(StorageContract.this);
        }
    }

    @Nested
    class RoundTrips extends RoundTripContract {
        RoundTrips() {
            super(StorageContract.this);
        }
    }

    @Nested
    class AuthorizationCodes extends AuthorizationCodeContract {
        AuthorizationCodes() {
            super(StorageContract.this);
        }
    }

    @Nested
    class RefreshTokens extends RefreshTokenContract {
        RefreshTokens() {
            super(StorageContract.this);
        }
    }

    @Nested
    class RotationGrace extends GraceContract {
        RotationGrace() {
            super(StorageContract.this);
        }
    }

    @Nested
    class DeviceCodes extends DeviceCodeContract {
        DeviceCodes() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Polling extends PollContract {
        Polling() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Revocations extends RevocationContract {
        Revocations() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Accounts extends AccountContract {
        Accounts() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Families extends FamilyContract {
        Families() {
            super(StorageContract.this);
        }
    }

    @Nested
    class FamilyLookups extends FamilyLookupContract {
        FamilyLookups() {
            super(StorageContract.this);
        }
    }

    @Nested
    class IdTokens extends IdTokenContract {
        IdTokens() {
            super(StorageContract.this);
        }
    }

    @Nested
    class AuthorizationRequests extends AuthorizationRequestContract {
        AuthorizationRequests() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Consents extends ConsentContract {
        Consents() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Throttles extends ThrottleContract {
        Throttles() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Constraints extends ConstraintContract {
        Constraints() {
            super(StorageContract.this);
        }
    }

    @Nested
    class TokenLimits extends TokenLimitContract {
        TokenLimits() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Listings extends ListingContract {
        Listings() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Audit extends AuditLogContract {
        Audit() {
            super(StorageContract.this);
        }
    }

    @Nested
    class AuditChain extends AuditChainContract {
        AuditChain() {
            super(StorageContract.this);
        }
    }

    @Nested
    class AuditChains extends AuditChainsContract {
        AuditChains() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Purging extends PurgeContract {
        Purging() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Upkeep extends UpkeepContract {
        Upkeep() {
            super(StorageContract.this);
        }
    }

    @Nested
    class EveryMethod extends ArgumentContract {
        EveryMethod() {
            super(StorageContract.this);
        }
    }

    @Nested
    class UnitsOfWork extends UnitOfWorkContract {
        UnitsOfWork() {
            super(StorageContract.this);
        }
    }

    @Nested
    class UnitFailures extends UnitFailureContract {
        UnitFailures() {
            super(StorageContract.this);
        }
    }

    @Nested
    class UnitRepeats extends UnitRepeatContract {
        UnitRepeats() {
            super(StorageContract.this);
        }
    }

    @Nested
    class ReferenceModel extends ReferenceModelContract {
        ReferenceModel() {
            super(StorageContract.this);
        }
    }

    @Nested
    class SharedData extends SharedDataContract {
        SharedData() {
            super(StorageContract.this);
        }
    }

    @Nested
    class RacesOnOneStorage extends OneStorageRaceContract {
        RacesOnOneStorage() {
            super(StorageContract.this);
        }
    }

    @Nested
    class RacesOnTwoStorages extends TwoStorageRaceContract {
        RacesOnTwoStorages() {
            super(StorageContract.this);
        }
    }

    @Nested
    class RacesOfTwoProcesses extends TwoProcessRaceContract {
        RacesOfTwoProcesses() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Crash extends CrashContract {
        Crash() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Close extends CloseContract {
        Close() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Callbacks extends CallbackContract {
        Callbacks() {
            super(StorageContract.this);
        }
    }

    @Nested
    class Listening extends ListenerContract {
        Listening() {
            super(StorageContract.this);
        }
    }
}
