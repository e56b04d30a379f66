package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The kit's own test: each engine with one broken promise is caught by the test that is there for it, and by no stranger. */
@Tag("long")
class SabotagedEnginesTest {

    private static final String RANDOM_RUN = "ReferenceModel.randomCallsAreAnsweredAsTheReferenceEngineAnswersThem";

    /**
     * The kit but for the random run, which may notice anything, so that what it says of an engine proves little, and for the races on two
     * storages, which are those on one, and take as long.
     */
    private static final List<Class<?>> GROUPS = Arrays.stream(StorageContract.class.getDeclaredClasses())
            .filter(group -> group.isAnnotationPresent(Nested.class))
            .filter(group -> group != StorageContract.ReferenceModel.class)
            .filter(group -> group != StorageContract.RacesOnTwoStorages.class)
            .toList();

    static List<Class<?>> engines() {
        return Stream.of(
                        SabotagedWrites.class,
                        SabotagedTransitions.class,
                        SabotagedConsents.class,
                        SabotagedRequests.class,
                        SabotagedFamilies.class,
                        SabotagedAccounts.class,
                        SabotagedThrottles.class,
                        SabotagedAnswers.class,
                        SabotagedChains.class,
                        SabotagedListening.class)
                .flatMap(group -> Arrays.stream(group.getDeclaredClasses()))
                .filter(StorageContract.class::isAssignableFrom)
                .sorted(Comparator.comparing(Class::getName))
                .toList();
    }

    static List<Class<?>> enginesThatRandomCallsNotice() {
        return engines().stream()
                .filter(engine -> engine.getAnnotation(Caught.class).alsoByRandomCalls())
                .toList();
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("engines")
    void isCaughtByItsTest(Class<?> engine) {
        Set<String> failed = failed(engine, GROUPS);
        Caught caught = engine.getAnnotation(Caught.class);
        assertThat(failed).as("tests that fail").contains(caught.by());
        assertThat(failed).as("tests that fail, beside %s", caught.by()).allMatch(test -> mayFail(test, caught));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("enginesThatRandomCallsNotice")
    void isCaughtByRandomCalls(Class<?> engine) {
        assertThat(failed(engine, List.of(StorageContract.ReferenceModel.class)))
                .containsExactly(RANDOM_RUN);
    }

    /** The tests that fail. */
    private static Set<String> failed(Class<?> engine, List<Class<?>> groups) {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(groups.stream()
                        .map(group -> selectNestedClass(List.of(engine), group))
                        .toList())
                .execute();
        assertThat(results.containerEvents().failed().stream())
                .as("containers that failed")
                .isEmpty();
        assertThat(results.testEvents().started().count())
                .as("tests of %s", engine)
                .isPositive();
        return results.testEvents().failed().stream()
                .map(Event::getTestDescriptor)
                .map(SabotagedEnginesTest::name)
                .collect(Collectors.toSet());
    }

    private static boolean mayFail(String test, Caught caught) {
        return test.equals(caught.by())
                || Arrays.stream(caught.with()).anyMatch(name -> test.equals(name) || test.startsWith(name + "."));
    }

    /** A test by the group that it stands in and its method. */
    private static String name(TestDescriptor test) {
        var source = (org.junit.platform.engine.support.descriptor.MethodSource)
                test.getSource().orElseThrow();
        return source.getJavaClass().getSimpleName() + "." + source.getMethodName();
    }
}
