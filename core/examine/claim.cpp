#include "core/examine/claim.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <variant>

#include "core/examine/findings.h"

namespace signet::examine {
namespace {

Claim ofSignature(const std::string& model) {
    Claim c;
    c.line = "Presence";
    c.absent = "not found";
    c.inconclusive = kInconclusive;
    c.present = "signature found";
    c.h1 = fmt::format(
        "the image carries the signature of model {}: it was signed with that model, or the signature was "
        "copied onto it.",
        model);
    c.h2 = fmt::format("the image does not carry the signature of model {}.", model);
    c.isReported = "A signature is reported";
    c.ofNegatives = "without a signature";
    c.ifInconclusive = "An inconclusive score supports neither the presence nor the absence of a signature.";
    c.ifAbsent = "The absence of a signature is no evidence of authenticity.";
    return c;
}

/// Of a fingerprint; where no instance is reported, or several holders' are, the one that agrees best has no
/// meaning.
Claim ofInstance(const Finding& finding) {
    const bool isNamed =
        finding.match && finding.presence == Presence::Present && finding.match->rivals.empty();
    const std::string instance =
        isNamed ? fmt::format("instance {} of model {}", finding.match->instance, finding.model)
                : fmt::format("a registered instance of model {}", finding.model);
    Claim c;
    c.line = "Origin";
    c.absent = "no instance found";
    c.inconclusive = kInconclusive;
    c.present = "instance found";
    c.h1 = fmt::format(
        "the image was drawn by {}, or made from a picture that was, or the fingerprint was copied onto it.",
        instance);
    c.h2 = fmt::format("neither the image nor any picture it was made from was drawn by {}.", instance);
    c.isReported = "An instance is reported";
    c.ofNegatives = "that no registered instance drew";
    c.sets = {"fingerprinted", "not fingerprinted"};
    c.ifInconclusive =
        "An inconclusive p-value supports neither that a registered instance drew the image nor that none "
        "did.";
    c.ifAbsent =
        "That no instance was found is no evidence of authenticity, nor that no generator drew the image: "
        "other generators are not looked for, and treatment of a picture destroys fingerprints.";
    c.howItWorks =
        "Fingerprint detection: a decoder network looks at the image, reduced to the model's working size, "
        "and "
        "reads a code off it, whatever the image is. The code is compared with those of all instances of the "
        "generator that were issued. The p-value is the probability that the nearest of them agrees in at "
        "least so many bits with a code whose bits are drawn evenly and independently; it is corrected for "
        "the "
        "number of instances.";
    return c;
}

Claim ofClasses(const Finding& finding) {
    const std::string& first = finding.classes[0];
    const std::string& second = finding.classes[1];
    Claim c;
    c.line = "Class";
    c.absent = fmt::format("more like \"{}\"", first);
    c.inconclusive = kInconclusive;
    c.present = fmt::format("more like \"{}\"", second);
    c.h1 = fmt::format("the image is of class \"{}\" rather than \"{}\", as model {} was taught these.",
                       second, first, finding.model);
    c.h2 = fmt::format("the image is of class \"{}\" rather than \"{}\".", first, second);
    c.isReported = fmt::format("Class \"{}\" is reported", second);
    c.ofNegatives = fmt::format("of class \"{}\"", first);
    c.sets = {fmt::format("\"{}\"", second), fmt::format("\"{}\"", first)};
    c.ifInconclusive = "An inconclusive score supports neither class.";
    c.ifAbsent =
        "The classes are those of the images the model was taught with: an image of neither is given one of "
        "them all the same.";
    return c;
}

/// Of a keyed signature. Where none is reported, and several keys were tried, the one that fits best has no
/// meaning: then the propositions are about all of them.
Claim ofKey(const Finding& finding) {
    const KeyedEvidence& keyed = *finding.keyed;
    const bool isNamed = keyed.keysTried == 1 || finding.presence == Presence::Present;
    const std::string key = isNamed ? fmt::format("the key {}", keyed.keyFingerprint)
                                    : fmt::format("one of the {} keys tried", keyed.keysTried);
    const std::string keys = isNamed ? key : fmt::format("the {} keys tried", keyed.keysTried);
    Claim c;
    c.line = "Presence";
    c.absent = "not found";
    c.inconclusive = kInconclusive;
    c.present = finding.code ? "present" : std::string(kNotReadable);
    c.h1 = fmt::format(
        "the image, or a part of it, was signed with {} by model {}, or such a signature was copied onto it.",
        key, finding.model);
    c.h2 = fmt::format(
        "the image knows nothing of {}: neither it nor any picture that it was made from was signed with {}.",
        keys, isNamed ? "it" : "them");
    c.isReported = "A keyed signature is reported";
    c.ofNegatives = fmt::format("that know nothing of {}", keys);
    c.ifInconclusive = fmt::format(
        "An inconclusive p-value supports neither the presence nor the absence of a signature: of images "
        "that know nothing of {}, up to {:g} in 1,000 come so far.",
        keys, 1000 * std::pow(10, -finding.lowerThreshold));
    c.ifAbsent =
        "That no signature was found is no evidence of authenticity, nor that the image was never signed: "
        "other keys and other programs write signatures that are not looked for here, and a signature can be "
        "removed.";
    c.howItWorks =
        "Keyed signature detection: a network estimates from the image alone which pattern it may carry, and "
        "the estimate is compared with the patterns that belong to a key, at many positions, sizes and "
        "turns. The p-value is the probability that a key drawn at random, of which the image knows nothing, "
        "fits at least as well; it follows from the law of random patterns for this very image, whatever it "
        "shows, without calibration photographs, and is corrected for all geometries, codes and keys tried. "
        "It assumes no more than that the keys are random and that, where nothing was signed with them, the "
        "image was made without them.";
    return c;
}

}  // namespace

std::string methodOf(models::Kind kind) {
    switch (kind) {
        case models::Kind::Fingerprint:
            return "fingerprint detection";
        case models::Kind::Classifier:
            return "classification";
        default:
            return "signature detection";
    }
}

Claim claimOf(const Finding& finding) {
    Claim claim;
    switch (finding.kind) {
        case models::Kind::Classifier:
            claim = ofClasses(finding);
            claim.howItWorks =
                "Classification: a network that was taught with images of two classes looks at the image, "
                "reduced to the model's input size, and gives a score, which is compared with a threshold.";
            break;
        case models::Kind::Fingerprint:
            claim = ofInstance(finding);
            break;
        default:
            if (finding.keyed) {
                claim = ofKey(finding);
                break;
            }
            claim = ofSignature(finding.model);
            claim.howItWorks =
                "Signature detection: a detector network looks at the image, reduced to the model's working "
                "size, and gives a presence score, which is compared with thresholds fixed beforehand on "
                "calibration photographs. Models with a code also read its bits, which are compared with the "
                "codes registered in the case.";
            break;
    }
    claim.method = methodOf(finding.kind);
    return claim;
}

Claim claimOf(const models::Manifest& manifest) {
    Finding finding;
    finding.model = manifest.name;
    finding.kind = manifest.kind();
    if (const auto* classifier = std::get_if<models::ClassifierFields>(&manifest.of))
        finding.classes = classifier->classes;
    return claimOf(finding);
}

SetWords commonWords(std::span<const SetWords> each) {
    if (each.empty()) return {};
    const auto isFirst = [&](const SetWords& words) { return words == each.front(); };
    return std::all_of(each.begin(), each.end(), isFirst) ? each.front() : SetWords{"positive", "negative"};
}

std::string answerOf(const Finding& finding) {
    const Claim claim = claimOf(finding);
    return finding.presence == Presence::Present  ? claim.present
           : finding.presence == Presence::Absent ? claim.absent
                                                  : claim.inconclusive;
}

}  // namespace signet::examine
