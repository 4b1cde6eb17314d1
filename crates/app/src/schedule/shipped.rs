//! Schedules that every office has from the start. Staff may change or remove them; they do not come back by themselves.

use domain::schedule::{DefinitionInput, Misfire};
use domain::staff::Actor;
use uuid::Uuid;

use super::ChangeScheduleError;
use crate::job::{AskPolicyPages, FindReviews, ForgetCases, VerifyLog};
use crate::random::derived_id;
use crate::{App, Internal, OpContext};

/// What the ids of shipped schedules follow from: the same in every office, for ever.
const SHIPPED: Uuid = Uuid::from_u128(0x5e46_e600_5c4e_8d01_a001_0000_0000_0001);

impl App {
    /// Makes the schedules that are not there and never were. `known` are the commands that there are.
    pub async fn define_shipped_schedules(&self, known: &[&str]) -> Result<(), Internal> {
        let nightly = |id, name: &str, expression: &str, command: &str| {
            let definition = DefinitionInput {
                name: name.to_owned(),
                expression: expression.to_owned(),
                zone: "Asia/Tokyo".to_owned(),
                command: command.to_owned(),
                misfire: Misfire::Once,
                not_after: None,
                jitter: 0,
                enabled: true,
            };
            (derived_id(SHIPPED, id), definition)
        };
        let shipped = [
            nightly(
                "nightly verify",
                "台帳の検証（毎晩）",
                "30 2 * * *",
                VerifyLog::COMMAND,
            ),
            nightly(
                "nightly forgetting of cases",
                "保存期間を過ぎた請求の消去（毎晩）",
                "0 3 * * *",
                ForgetCases::COMMAND,
            ),
            // Before the search, which looks at what came of it.
            nightly(
                "nightly asking for policy pages",
                "基本方針の公開先の確認（毎晩）",
                "30 1 * * *",
                AskPolicyPages::COMMAND,
            ),
            nightly(
                "nightly search for reviews",
                "要確認の洗い出し（毎晩）",
                "30 3 * * *",
                FindReviews::COMMAND,
            ),
        ];
        for (command_id, definition) in &shipped {
            self.define_shipped(*command_id, definition, known).await?;
        }
        Ok(())
    }

    async fn define_shipped(
        &self,
        command_id: Uuid,
        definition: &DefinitionInput,
        known: &[&str],
    ) -> Result<(), Internal> {
        let receipt = self.store.receipt(command_id).await;
        if receipt.map_err(Internal::new)?.is_some() {
            return Ok(());
        }
        let op = self.system("setup")?;
        match self.define_schedule(&op, command_id, definition, known).await {
            Ok(_)
            // Another process was faster, or staff have one of that name.
            | Err(ChangeScheduleError::NameTaken | ChangeScheduleError::CommandReused) => Ok(()),
            Err(error) => Err(Internal::new(error)),
        }
    }

    /// The context of what the system does by itself to its own schedules.
    fn system(&self, name: &str) -> Result<OpContext, Internal> {
        let request = self.new_id().map_err(Internal::new)?;
        let roles = vec![domain::staff::Role::Administrator];
        Ok(self.context(Actor::System(name.to_owned()), roles, request, "setup"))
    }
}
