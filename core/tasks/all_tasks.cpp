#include "core/tasks/all_tasks.h"

#include "core/baselines/artificial_fingerprint_task.h"
#include "core/baselines/attribution_task.h"
#include "core/baselines/classifier_task.h"
#include "core/fingerprint/fingerprint_task.h"
#include "core/generators/autoencoder_task.h"
#include "core/generators/diffusion_task.h"
#include "core/generators/stylegan2_task.h"
#include "core/removal/remover_task.h"
#include "core/securing/securing_task.h"
#include "core/signature/keyed_task.h"
#include "core/signature/signature_task.h"

namespace signet::tasks {

const training::TaskRegistry& all() {
    static const training::TaskRegistry kAll = [] {
        training::TaskRegistry registry;
        registry.add(signature::signatureTask());
        registry.add(signature::keyedTask());
        registry.add(baselines::classifierTask());
        registry.add(baselines::attributionTask());
        registry.add(baselines::artificialFingerprintTask());
        registry.add(removal::removerTask());
        registry.add(fingerprint::fingerprintTask());
        registry.add(generators::styleGan2Task());
        registry.add(generators::diffusionTask());
        registry.add(generators::autoencoderTask());
        registry.add(securing::securingTask());
        return registry;
    }();
    return kAll;
}

}  // namespace signet::tasks
