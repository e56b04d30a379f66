package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The kit's own test: each engine with one broken promise is caught by the test that is there for it, and by no stranger. */
class SabotagedEnginesTest {

    /** Compares every call with the reference model, so that it may notice anything. */
    private static final String RANDOM_RUN = "ReferenceModel.";

    /** Compares every call with what is told of it: who answers in an engine's stead may be noticed there. */
    private static final String EVERY_CALL = "Listening.";

    static List<Class<?>> engines() {
        return Stream.of(
                        SabotagedWrites.class,
                        SabotagedTransitions.class,
                        SabotagedConsents.class,
                        SabotagedThrottles.class,
                        SabotagedAnswers.class,
                        SabotagedChains.class,
                        SabotagedListening.class)
                .flatMap(group -> Arrays.stream(group.getDeclaredClasses()))
                .filter(StorageContract.class::isAssignableFrom)
                .sorted(Comparator.comparing(Class::getName))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void isCaughtByItsTest(Class<?> engine) {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(engine))
                .execute();
        assertThat(results.containerEvents().failed().stream())
                .as("containers that failed")
                .isEmpty();
        Set<String> failed = results.testEvents().failed().stream()
                .map(Event::getTestDescriptor)
                .map(SabotagedEnginesTest::name)
                .collect(Collectors.toSet());
        Caught caught = engine.getAnnotation(Caught.class);
        assertThat(failed).as("tests that fail").contains(caught.by());
        assertThat(failed).as("tests that fail, beside %s", caught.by()).allMatch(test -> mayFail(test, caught));
    }

    private static boolean mayFail(String test, Caught caught) {
        // The same race, whatever the number of storages.
        String needs = test.replace("RacesOnTwoStorages.", "RacesOnOneStorage.");
        return needs.equals(caught.by())
                || needs.startsWith(RANDOM_RUN)
                || needs.startsWith(EVERY_CALL)
                || Arrays.stream(caught.with()).anyMatch(name -> needs.equals(name) || needs.startsWith(name + "."));
    }

    /** A test by the group that it stands in and its method. */
    private static String name(TestDescriptor test) {
        var source = (org.junit.platform.engine.support.descriptor.MethodSource)
                test.getSource().orElseThrow();
        return source.getJavaClass().getSimpleName() + "." + source.getMethodName();
    }
}
